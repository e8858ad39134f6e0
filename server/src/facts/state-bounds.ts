import type { Def, Node } from "../syntax/ast.ts";
import { isBranching, isDiscarded } from "../syntax/flow.ts";
import { find } from "../syntax/visit.ts";
import { isBound } from "./state-words.ts";

/** True where a function speaks of a bound that what it does to the state may keep to. */
export function speaksOfBound({ guard, body, sections }: Def): boolean {
  return [guard, body, ...sections].some((part) => part && find(part, keepsBound));
}

function keepsBound(node: Node): boolean {
  return isBound(node) && !isBoundByPattern(node) && !isOfOthers(node);
}

/** `%{ttl: ttl} = options`: a name is given, and what it is for is said elsewhere. */
function isBoundByPattern(node: Node): boolean {
  for (let inner = node; inner.parent; inner = inner.parent) {
    const { parent } = inner;
    if (parent.type === "clause") return parent.patterns.includes(inner);
    if (parent.type === "binary" && (parent.operator === "=" || parent.operator === "<-")) return parent.left === inner;
    if (parent.type === "block" || parent.type === "def") return false;
  }
  return false;
}

/** `Store.put(store, key, row, ttl)`, whose value nobody takes: another module keeps to the bound, in what is its own. */
function isOfOthers({ parent }: Node): boolean {
  return parent?.type === "call" && parent.module !== null && !isBranching(parent) && isDiscarded(parent);
}
