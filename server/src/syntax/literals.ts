import type { Node } from "./ast.ts";

/** True for the atom of that name: `isAtom(node, "ok")`; `nil` and `true` are atoms too. */
export function isAtom(node: Node | null | undefined, value: string): boolean {
  return node?.type === "atom" && node.value === value;
}

/** True for the variable of that name. */
export function isVariable(node: Node | null | undefined, name: string): boolean {
  return node?.type === "variable" && node.name === name;
}
