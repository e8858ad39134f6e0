import type { Def, Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { mentions, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { CallbackFact } from "./facts.ts";

const NONE: CallbackFact["collects"] = [];
/** What a message calls the pid that it brings. */
const PID = /^(?:\w+_)?pid$|^(?:subscriber|listener|watcher)$/;
/** Functions that add to a collection, and which argument that is. */
const PUTS = new Map([
  ["MapSet.put", 0],
  ["Map.put", 0],
  ["Map.put_new", 0],
  ["Map.update", 0],
  [":queue.in", 1],
]);

/** Where a callback adds the caller, or a pid of its message, to a collection that it reads from its state. */
export function collectedPids(def: Def, state: Node, anchors: Anchors): CallbackFact["collects"] {
  const pids = pidsOf(def);
  if (pids.size === 0 || !def.body) return NONE;
  const held = stateNames(def.body, state, pids);
  const out: { pid: string; at: number }[] = [];
  visit(def.body, (node) => {
    const pid = held.size > 0 ? added(node, pids, held) : null;
    if (pid === null) return;
    const start = node.type === "call" ? node.ownStart : node.start;
    out.push({ pid, at: anchors.add({ start, end: node.end }) });
  });
  return out.length > 0 ? out : NONE;
}

/** The variables of the head that hold pids: the first part of `from`, and those in the message that are called so. */
function pidsOf({ name, params }: Def): Set<string> {
  const pids = new Set<string>();
  if (!/^handle_(?:call|cast|info)$/.test(name ?? "")) return pids;
  const [message, from] = params;
  for (const found of message ? boundNames(message) : []) if (PID.test(found)) pids.add(found);
  const pair = name !== "handle_call" ? null : from?.type === "binary" ? [from.left, from.right] : [from];
  for (const side of pair ?? []) {
    const pid = side?.type === "tuple" ? side.items[0] : undefined;
    if (pid?.type === "variable" && !pid.name.startsWith("_")) pids.add(pid.name);
  }
  return pids;
}

/** The names of the state's parts, and of what the body reads from them. */
function stateNames(body: Node, state: Node, pids: ReadonlySet<string>): Set<string> {
  const names = boundNames(state);
  visit(body, (node) => {
    if (node.type !== "binary" || node.operator !== "=" || !mentions(node.right, names)) return;
    for (const name of boundNames(node.left)) if (!pids.has(name)) names.add(name);
  });
  return names;
}

/** The pid that the node adds to a collection of the state. */
function added(node: Node, pids: ReadonlySet<string>, state: ReadonlySet<string>): string | null {
  if (node.type === "list") {
    const cons = node.items.at(-1);
    if (cons?.type !== "binary" || cons.operator !== "|" || !mentions(cons.right, state)) return null;
    return pidIn([...node.items.slice(0, -1), cons.left], pids);
  }
  const at = node.type === "call" ? PUTS.get(`${node.module}.${node.name}`) : undefined;
  if (node.type !== "call" || at === undefined) return null;
  const collection = node.args[at];
  const rest = node.args.filter((_, i) => i !== at);
  // `Map.put(state, :owner, pid)` is a field, and keeps one.
  if (!collection || !mentions(collection, state) || rest[0]?.type === "atom") return null;
  return pidIn(rest, pids);
}

/** The pid among the values, itself or in a tuple or list: what a closure or call makes of it is something else. */
function pidIn(values: readonly Node[], pids: ReadonlySet<string>): string | null {
  for (const value of values) {
    if (value.type === "variable" && pids.has(value.name)) return value.name;
    const inner = value.type === "tuple" || value.type === "list" ? pidIn(value.items, pids) : null;
    if (inner !== null) return inner;
  }
  return null;
}
