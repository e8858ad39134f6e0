import type { Block, Call, Node } from "./ast.ts";
import { isWithin } from "./visit.ts";

/** Constructs whose value is that of one of their sections or clauses. */
const BRANCHING = new Set(["case", "cond", "if", "unless", "with", "try", "receive"]);

/** True for `case`, `if`, `with` and their like. */
export function isBranching(node: Node): boolean {
  return node.type === "call" && node.module === null && !node.target && BRANCHING.has(node.name);
}

/** The expressions that can become the value of the node: through `case`, `if`, `with`, `try` down to each last one. */
export function tails(node: Node): Node[] {
  if (node.type === "block") return lastOf(node);
  if (node.type !== "call" || !isBranching(node)) return [node];
  const out: Node[] = [];
  for (const section of node.sections) {
    if (section.name === "after" && node.name === "try") continue;
    if (section.body) out.push(...lastOf(section.body));
    for (const clause of section.clauses) out.push(...lastOf(clause.body));
  }
  return out;
}

function lastOf(block: Block): Node[] {
  const last = block.statements.at(-1);
  return last ? tails(last) : [];
}

/**
 * True when the value of the node is thrown away: a statement that is not the last of its block, or the last of a
 * block whose own value is thrown away (`if … do HERE end` in the middle of a function, the closure of `Enum.each`).
 */
export function isDiscarded(node: Node): boolean {
  const block = node.parent;
  if (block?.type !== "block") return false;
  // What stands in a template is shown.
  if (block.statements.at(-1) !== node) return !isWithin(block, "template");
  const around = block.parent;
  if (around?.type === "block") return isDiscarded(block);
  const owner = around?.type === "clause" ? around.parent : around;
  if (owner?.type === "fn") return isForEffect(owner);
  if (owner?.type !== "section") return false;
  if (owner.name === "after") return true;
  const call = owner.parent;
  if (call?.type !== "call") return false;
  return (isBranching(call) || (isComprehension(call) && call.args.every(isGenerator))) && isDiscarded(call);
}

/** True for a closure whose value its caller throws away. */
function isForEffect(closure: Node): boolean {
  const call = closure.parent;
  if (call?.type !== "call") return false;
  if (call.module === "Enum" && call.name === "map") return isDiscarded(call);
  return (call.module === "Enum" && call.name === "each") || (call.module === null && call.name === "tap");
}

/** True for `for`. */
function isComprehension(node: Node): node is Call {
  return node.type === "call" && node.module === null && !node.target && node.name === "for";
}

/** False for the options of a `for`: with `into:` or `reduce:` its values count. */
function isGenerator(arg: Node): boolean {
  return !(arg.type === "list" && arg.bare);
}

/**
 * The statements that run after the node, block by block outwards, as far as the names of its function reach.
 * Nearest block first; a block without later statements gives an empty list.
 */
export function* statementsAfter(node: Node): Generator<{ readonly block: Block; readonly later: readonly Node[] }> {
  let inner = node;
  for (let outer = node.parent; outer && outer.type !== "def"; inner = outer, outer = outer.parent) {
    if (outer.type === "block")
      yield { block: outer, later: outer.statements.slice(outer.statements.indexOf(inner) + 1) };
    if (outer.type === "fn" && !isForEffect(outer)) return;
  }
}

/** The names that a pattern binds; pinned variables and sizes in binaries bind none. */
export function boundNames(pattern: Node, into: Set<string> = new Set()): Set<string> {
  switch (pattern.type) {
    case "variable":
      if (pattern.name !== "_") into.add(pattern.name);
      break;
    case "tuple":
    case "list":
    case "bitstring":
      for (const item of pattern.items) boundNames(item, into);
      break;
    case "map":
      if (pattern.struct) boundNames(pattern.struct, into);
      for (const item of pattern.items) boundNames(item, into);
      break;
    case "pair":
      boundNames(pattern.value, into);
      break;
    case "binary":
      boundNames(pattern.left, into);
      if (pattern.operator !== "::" && pattern.operator !== "\\\\") boundNames(pattern.right, into);
      break;
    case "call":
      for (const arg of pattern.args) boundNames(arg, into);
      break;
  }
  return into;
}

/** The value of `key` in a keyword list or map literal; null when it is not there. */
export function keywordValue(node: Node | null | undefined, key: string): Node | null {
  if (node?.type !== "list" && node?.type !== "map") return null;
  for (const item of node.items) {
    if (item.type === "pair" && item.key.type === "atom" && item.key.value === key) return item.value;
  }
  return null;
}
