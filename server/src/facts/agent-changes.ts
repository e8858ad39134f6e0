import type { Call, Def, Node } from "../syntax/ast.ts";
import { isBranching, tails } from "../syntax/flow.ts";
import { find, mentions } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { AgentChange } from "./facts.ts";
import { MessageKeys } from "./message-keys.ts";
import { SerialNumbers } from "./serial-numbers.ts";
import { shapeOf } from "./shape.ts";
import { speaksOfBound } from "./state-bounds.ts";
import { StateChanges } from "./state-changes.ts";
import { StateEvaluation } from "./state-evaluation.ts";
import { grownIn, type Value } from "./state-values.ts";
import { StateVariables } from "./state-variables.ts";

const NONE: readonly AgentChange[] = [];
const NO_SLOTS: ReadonlySet<Node> = new Set();
const CHANGES = /^(?:update|get_and_update|cast)$/;
const WHOLE: Value = { path: "", grown: [] };
/** Functions of `Kernel` that are given a state and whose value is known. */
const KNOWN = /^(?:(?:put|get|update|pop)_in|get_and_update_in|then|tap|is_\w+|map_size|length|hd|tl)$/;

/**
 * What the calls of a function do to the states of agents.
 * @param written the calls in its body
 */
export function agentChangesOf(def: Def, written: readonly Call[], anchors: Anchors): readonly AgentChange[] {
  const changing = written.filter(({ module, name }) => module === "Agent" && CHANGES.test(name));
  if (changing.length === 0) return NONE;
  const keys = keysOf(def);
  return changing.flatMap((call) => {
    const [agent, closure] = call.args;
    return agent && closure ? [changeOf(def, shapeOf(agent), call, closure, keys, anchors)] : [];
  });
}

function changeOf(
  def: Def,
  agent: AgentChange["agent"],
  call: Call,
  closure: Node,
  keys: MessageKeys,
  anchors: Anchors,
): AgentChange {
  const changes = new StateChanges();
  const variables = new StateVariables(changes, null);
  const next = call.name === "get_and_update" ? statesOf(closure) : null;
  const evaluation = new StateEvaluation(changes, keys, variables, next ? new Set(next) : NO_SLOTS);
  const value = evaluation.closure(closure, [WHOLE], false);
  const results = next ? next.map((slot) => evaluation.slotValue(slot)) : [value];
  if (results.length === 0 || results.some(({ path }) => path !== "") || isHandedOn(closure, variables.wholes))
    changes.takeSomewhere();
  if (speaksOfBound(def)) changes.takeFromTouched();
  changes.settle();
  const grows = [...grownIn(results)].map(([node, field]) => ({ at: anchors.add(node), field }));
  return { agent, grows, shrinks: [...changes.shrinks] };
}

/** What the function is given, and what it makes of that, may be any number of keys. */
function keysOf(def: Def): MessageKeys {
  const keys = new MessageKeys(new SerialNumbers(def));
  for (const param of def.params) keys.ask(param);
  if (def.guard) keys.limit(def.guard);
  const elsewhere = new StateChanges();
  if (def.body) new StateEvaluation(elsewhere, keys, new StateVariables(elsewhere, null), NO_SLOTS).block(def.body);
  return keys;
}

/** The next states that a closure for `get_and_update` gives, `{answer, state}`; none where a way out is something else. */
function statesOf(closure: Node): readonly Node[] {
  if (closure.type !== "fn") return [];
  const ways = closure.clauses.flatMap(({ body }) => tails(body));
  const states = ways.flatMap((way) => (way.type === "tuple" && way.items[1] ? [way.items[1]] : []));
  return states.length === ways.length ? states : [];
}

/** True where something of the state goes to a function of which only the name is known here. */
function isHandedOn(closure: Node, wholes: ReadonlySet<string>): boolean {
  const isGiven = (node: Node): boolean =>
    node.type === "call" &&
    node.module === null &&
    !isBranching(node) &&
    !KNOWN.test(node.name) &&
    node.args.some((arg) => mentions(arg, wholes));
  return find(closure, isGiven) !== null;
}
