import type { Def, Node } from "../syntax/ast.ts";
import { boundNames, tails } from "../syntax/flow.ts";
import { find, mentions, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import { collectedPids } from "./collected-pids.ts";
import type { CallbackFact, StateUse } from "./facts.ts";
import { literalStateOf } from "./literal-state.ts";
import { shapeOf } from "./shape.ts";
import { readsState, slotOf } from "./state-slot.ts";

/** Which parameter of a GenServer callback is the state; by `name/arity`. */
const STATE_PARAMETER = new Map([
  ["init/1", 0],
  ["handle_call/3", 2],
  ["handle_cast/2", 1],
  ["handle_info/2", 1],
  ["handle_continue/2", 1],
  ["terminate/2", 1],
]);

/** How a clause with the name and arity of a GenServer callback treats its state; null for any other function. */
export function callbackOf(def: Def, anchors: Anchors): CallbackFact | null {
  const state = def.params[stateParameter(def) ?? -1];
  if (!state || !def.body) return null;
  const ways = waysOut(def);
  const unchanged = isUnchanged(def, state, ways);
  return {
    state: stateUse(def, state, ways),
    literalState: literalStateOf(def, state, ways),
    returns: ways.map((way) => shapeOf(way)),
    keeps: /^(?:init|handle_continue)$/.test(def.name ?? "") ? keptIn(def.body, ways) : [],
    collects: collectedPids(def, state, anchors),
    unchanged,
    getter: unchanged && ways.every((way) => repliesPart(way, state)),
    computes: def.name === "handle_call" && computes(def),
  };
}

/** Which parameter of the callback is the state; undefined for any other function. */
export function stateParameter(def: Def): number | undefined {
  return STATE_PARAMETER.get(`${def.name}/${def.params.length}`);
}

/** The expressions that a function can evaluate to. */
export function waysOut(def: Def): Node[] {
  const sections = def.sections.flatMap((section) => (section.name === "after" ? [] : sectionTails(section)));
  return def.body ? [...tails(def.body), ...sections].flatMap(applied) : [];
}

/** Of `x |> then(&{:reply, &1, state})` and `x |> (&{:reply, &1, state}).()` what the closure evaluates to; else the node itself. */
function applied(way: Node): readonly Node[] {
  if (way.type !== "call") return [way];
  const closure = way.name === "then" && way.module === null ? way.args[1] : way.name === "" ? way.target : null;
  if (closure?.type === "capture") return [closure.body];
  return closure?.type === "fn" ? closure.clauses.flatMap((clause) => tails(clause.body)) : [way];
}

/** What a pattern calls the whole of a value: `state` of `state`, `%{} = state` and `state = %{}`. */
export function wholeName(pattern: Node): string | null {
  if (pattern.type === "variable") return pattern.name;
  if (pattern.type !== "binary" || pattern.operator !== "=") return null;
  return wholeName(pattern.left) ?? wholeName(pattern.right);
}

function isUnchanged(def: Def, param: Node, ways: readonly Node[]): boolean {
  const name = wholeName(param);
  if (name === null || ways.length === 0 || (def.body && rebinds(def.body, name))) return false;
  return ways.every((way) => {
    const slot = slotOf(way);
    return slot?.type === "variable" && slot.name === name;
  });
}

/** True for `{:reply, answer, …}` whose answer is what the pattern of the state binds, or one field of the whole: `state.lines`. */
function repliesPart(way: Node, state: Node): boolean {
  const [tag, answer, ...rest] = way.type === "tuple" ? way.items : [];
  if (tag?.type !== "atom" || tag.value !== "reply" || rest.length !== 1) return false;
  if (answer?.type === "variable") return boundNames(state).has(answer.name);
  const whole = answer?.type === "field" || answer?.type === "access" ? answer.object : null;
  if (answer?.type === "access" && answer.key.type !== "atom") return false;
  return whole?.type === "variable" && whole.name === wholeName(state);
}

function rebinds(body: Node, name: string): boolean {
  return find(body, (n) => n.type === "binary" && n.operator === "=" && boundNames(n.left).has(name)) !== null;
}

/** True when a call or an operator of the body works on what the request says, and only on that. */
function computes(def: Def): boolean {
  const [message, from] = def.params;
  const { body } = def;
  if (!message || !from || !body || def.sections.length > 0) return false;
  const asked = boundNames(message);
  const caller = boundNames(from);
  let works = false;
  let asks = false;
  visit(body, (node) => {
    if (node.type === "call" && node.module === "Logger") return false;
    if (node.type === "variable" && caller.has(node.name)) asks = true;
    if (node.type !== "call" && !(node.type === "binary" && OPERATORS.test(node.operator))) return true;
    if (node.type === "call" && node.module === null && /^(?:self|node|binding)$/.test(node.name)) asks = true;
    if (node.type === "call" && node.module === "Process") asks = true;
    works ||= mentions(node, asked);
    return true;
  });
  return works && !asks;
}

const OPERATORS = /^(?:[-+*/<>]|<>|\+\+|--|[<>=!]=|===|!==|and|or|&&|\|\||in|=~)$/;

/** The calls whose values the ways out put into the state, in place or by a variable. */
function keptIn(body: Node, ways: readonly Node[]): CallbackFact["keeps"] {
  const keeps: { call: string; as: string }[] = [];
  const names = new Set<string>();
  for (const slot of ways.map(slotOf)) {
    if (!slot) continue;
    visit(slot, (node) => {
      if (node.type === "variable") names.add(node.name);
      const key = node.parent?.type === "pair" ? node.parent.key : null;
      if (node.type === "call" && node.module !== null && key?.type === "atom")
        keeps.push({ call: `${node.module}.${node.name}`, as: key.value });
    });
  }
  visit(body, (node) => {
    if (node.type !== "binary" || (node.operator !== "=" && node.operator !== "<-")) return;
    const value = node.right;
    if (value.type !== "call" || value.module === null) return;
    for (const as of boundNames(node.left))
      if (names.has(as)) keeps.push({ call: `${value.module}.${value.name}`, as });
  });
  return keeps;
}

function sectionTails(section: Def["sections"][number]): Node[] {
  return section.body ? tails(section.body) : section.clauses.flatMap((clause) => tails(clause.body));
}

function stateUse(def: Def, param: Node, ways: readonly Node[]): StateUse {
  if (param.type !== "variable") return "used";
  const slots = ways.map(slotOf);
  const ignored = param.name.startsWith("_");
  if (readsState(def, param.name, slots)) return "used";
  // `terminate` returns nothing that counts; `stop` ends the process, whatever state it names.
  const other = slots.some((slot) => slot !== null && !(slot.type === "variable" && slot.name === param.name));
  if (other) return "used";
  return ignored ? "ignored" : "returned";
}
