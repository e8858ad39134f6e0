import type { Call, Def, Node } from "../syntax/ast.ts";
import { boundNames, isBranching, tails } from "../syntax/flow.ts";
import { find } from "../syntax/visit.ts";
import { stateParameter, waysOut, wholeName } from "./callback.ts";
import type { StateFacts } from "./facts.ts";
import { slotOf } from "./state-slot.ts";

const LOOKUP =
  /^(?:(?:Map|Keyword)\.(?:get|fetch!?|has_key\?|keys|values|to_list|take)|MapSet\.(?:member\?|to_list)|Access\.(?:get|fetch)|Kernel\.get_in)$/;
const CHANGE =
  /^(?:(?:Map|Keyword)\.(?:put|delete|drop|merge|replace!?|update!?)|MapSet\.(?:put|delete)|Kernel\.(?:put_in|update_in))$/;

/**
 * Whether a callback only looks something up in the state, or only puts something there or takes it away: no other call, and
 * no decision but on whether what is looked up is there. Null for everything else.
 */
export function accessOf(def: Def): StateFacts["access"] {
  return onlyLooksUp(def) ? "get" : onlyChanges(def) ? "put" : null;
}

/** True when every way out answers and hands back the state, and nothing is done before but looking into it. */
function onlyLooksUp({ name, params, body, guard, sections }: Def): boolean {
  const state = params[2];
  const whole = name === "handle_call" && state ? wholeName(state) : null;
  if (!state || !body || whole === null || guard || sections.length > 0) return false;
  const inState = boundNames(state);
  const answers = tails(body).every((way) => {
    const [tag, answer, next] = way.type === "tuple" && way.items.length === 3 ? way.items : [];
    return tag?.type === "atom" && tag.value === "reply" && answer && next?.type === "variable" && next.name === whole;
  });
  if (!answers || find(body, (node) => isOther(node) && !isChoice(node)) || rebinds(body, inState)) return false;
  return find(body, (node) => isLookup(node, inState) && !isHandedBack(node)) !== null;
}

/** `case`, `if` and their like, which wait for nothing. */
function isChoice(node: Node): boolean {
  return isBranching(node) && node.type === "call" && !/^(?:receive|try)$/.test(node.name);
}

/** The last place of the reply, which is no look-up. */
function isHandedBack(node: Node): boolean {
  return node.parent?.type === "tuple" && node.parent.items[2] === node;
}

function rebinds(body: Node, names: ReadonlySet<string>): boolean {
  return find(body, (n) => n.type === "binary" && [...boundNames(n.left)].some((bound) => names.has(bound))) !== null;
}

/** True for one way out, which changes an entry of the state. */
function onlyChanges(def: Def): boolean {
  const index = stateParameter(def);
  const param = index === undefined ? undefined : def.params[index];
  const [message] = def.params;
  const [way, other] = waysOut(def);
  const statements = def.body?.statements ?? [];
  if (!param || !message || !way || other || way.type !== "tuple" || def.guard || def.sections.length > 0) return false;
  if (!/^handle_c/.test(def.name ?? "") || statements.at(-1) !== way || statements.length > 2) return false;
  const held = new Map<string, Node>();
  const [first] = statements;
  if (first && first !== way) {
    if (first.type !== "binary" || first.operator !== "=" || first.left.type !== "variable") return false;
    if (find(first.right, isOther)) return false;
    held.set(first.left.name, first.right);
  }
  const value = (node: Node | null | undefined): Node | null =>
    node?.type === "variable" ? (held.get(node.name) ?? node) : (node ?? null);
  const name = wholeName(param);
  const isState = (node: Node | null): boolean => node?.type === "variable" && node.name === name;
  const next = value(slotOf(way));
  const [tag, answer] = way.items;
  const replies = tag?.type === "atom" && tag.value === "reply";
  const reply = replies ? value(answer) : null;
  if (!next || isState(next) || (reply && find(reply, isOther))) return false;
  if (next.type === "variable") return boundNames(message).has(next.name);
  return isChange(next, isState) && !find(next, isOther);
}

function nameOf(call: Call): string {
  return `${call.module ?? "Kernel"}.${call.name}`;
}

/** Anything but a look-up or a change of a collection: another call, an operator, adding to a list. */
function isOther(node: Node): boolean {
  if (node.type === "binary") return !/^(?:->|=)$/.test(node.operator);
  return node.type === "call" && !LOOKUP.test(nameOf(node)) && !CHANGE.test(nameOf(node));
}

function isLookup(node: Node, inState: ReadonlySet<string>): boolean {
  switch (node.type) {
    case "variable":
      return inState.has(node.name);
    case "field":
    case "access":
      return isLookup(node.object, inState);
    case "call":
      return LOOKUP.test(nameOf(node)) && node.args[0] !== undefined && isLookup(node.args[0], inState);
    default:
      return false;
  }
}

function isChange(node: Node, isState: (node: Node) => boolean): boolean {
  if (node.type === "map") return node.base !== null && isState(node.base);
  if (node.type !== "call" || !CHANGE.test(nameOf(node)) || !node.args[0]) return false;
  return find(node.args[0], isState) !== null;
}
