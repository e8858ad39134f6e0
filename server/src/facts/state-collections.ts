import type { Call, Node } from "../syntax/ast.ts";
import type { MessageKeys } from "./message-keys.ts";
import type { StateChanges } from "./state-changes.ts";
import { add, NOTHING, pathOf, SOME, stepOf, type Value } from "./state-values.ts";
import { COLLECTIONS, TAKES_AWAY } from "./state-words.ts";

/** The evaluation around a call of a collection's function. */
export interface Evaluation {
  readonly changes: StateChanges;
  readonly keys: MessageKeys;
  /** What the expression is made of; reads its parts on the way. */
  eval(node: Node): Value;
  /** What a closure gives when it is called with the values; `asked` when the first of them follows from the message. */
  closure(node: Node, values: readonly Value[], asked: boolean): Value;
}

/** The collection that a function of a module of collections is given; null for other calls. */
export function collectionOf({ module, args }: Call): Node | null {
  return (module !== null && COLLECTIONS.test(module) && args[0]) || null;
}

/** What a function of a module of collections gives, of `first`, which is its collection as a rule. */
export function evalCollection(around: Evaluation, node: Call, first: Node): Value {
  const { name, args, module } = node;
  const key = args[1];
  if (module === ":queue" && /^in(?:_r)?$/.test(name) && key) {
    around.eval(first);
    return add(around.eval(key), node);
  }
  const value = around.eval(first);
  const rest = args.slice(1);
  if (TAKES_AWAY.test(name)) {
    for (const arg of rest) around.eval(arg);
    const values = [value, ...rest.map((arg) => (arg.type === "variable" ? around.eval(arg) : NOTHING))];
    around.changes.takeFrom(values.find((one) => one.path !== null) ?? value);
    return { path: value.path, grown: [] };
  }
  const isKeyed = /^(?:Map|Keyword|:maps)$/.test(module ?? "");
  if (value.path !== null && isKeyed && key) {
    if (/^(?:get|fetch!?|get_lazy)$/.test(name)) {
      for (const arg of rest) around.eval(arg);
      return around.changes.part(value, fieldOf(key));
    }
    if (/^(?:put|put_new|put_new_lazy|update!?|replace!?)$/.test(name)) return put(around, node, value, key);
  }
  for (const arg of rest) around.eval(arg);
  if (value.path === null) return NOTHING;
  if (module === "MapSet" && name === "put" && key) return around.keys.isEndless(key) ? add(value, node) : value;
  if (module === "List" && name === "insert_at") return add(value, node);
  if (module === "Enum" && name === "concat") return add(value, node);
  return isKeyed && name === "merge" && value.path === "" ? value : NOTHING;
}

/** `Map.put(value, key, item)`, `Map.update(value, key, start, closure)` */
function put(around: Evaluation, node: Call, value: Value, key: Node): Value {
  const { name, args, module } = node;
  const path = value.path as string;
  const field = fieldOf(key);
  if (key.type !== "atom") around.eval(key);
  const closure = name.startsWith("update") ? args.at(-1) : undefined;
  const item = args[2];
  const part = { path: pathOf(path, field), grown: [] };
  const given = closure ? around.closure(closure, [part], false) : item ? around.eval(item) : NOTHING;
  if (field !== SOME) return around.changes.assign(value, field, given);
  around.changes.writes.add(path);
  // Keys of a keyword list are atoms, of which a program has a few.
  const isKept = module === "Keyword" || /!$|^replace/.test(name) || !around.keys.isEndless(key);
  return isKept ? value : add(value, node);
}

function fieldOf(key: Node): string {
  return key.type === "atom" ? key.value : SOME;
}

/** `put_in(state.users[id], user)`, `update_in(state, [:users, id], …)` */
export function evalChangeIn(around: Evaluation, node: Call): Value {
  const { args, name } = node;
  const [target, second] = args;
  if (!target) return NOTHING;
  const byPath = args.length === 3 && second?.type === "list";
  const root = byPath ? around.eval(target) : NOTHING;
  const steps = byPath ? second.items.map(stepOf) : [];
  const last = byPath ? second.items.at(-1) : target.type === "access" ? target.key : null;
  const place = byPath
    ? root.path === null
      ? NOTHING
      : { path: steps.reduce((path, step) => pathOf(path, step), root.path), grown: [] }
    : around.eval(target);
  const given = args.at(-1);
  const result = given ? (name === "update_in" ? around.closure(given, [place], false) : around.eval(given)) : NOTHING;
  if (place.path === null) return NOTHING;
  const whole: Value = byPath ? root : { path: "", grown: [] };
  around.changes.writes.add(place.path);
  if (!place.path.endsWith(SOME)) {
    if (result.path !== place.path) around.changes.shrinks.add(place.path);
    return { path: whole.path, grown: [...whole.grown, ...result.grown] };
  }
  const key = last?.type === "call" ? last.args[0] : last;
  if (!key || !around.keys.isEndless(key)) return whole;
  const field = place.path.slice(0, -SOME.length).replace(/\.$/, "");
  return { path: whole.path, grown: [...whole.grown, { field, node }] };
}
