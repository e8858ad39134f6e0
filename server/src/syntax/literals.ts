import type { Node } from "./ast.ts";

/** True for the atom of that name: `isAtom(node, "ok")`; `nil` and `true` are atoms too. */
export function isAtom(node: Node | null | undefined, value: string): boolean {
  return node?.type === "atom" && node.value === value;
}

/** True for the variable of that name. */
export function isVariable(node: Node | null | undefined, name: string): boolean {
  return node?.type === "variable" && node.name === name;
}

/** The words of `~w(code name)a`; null for anything else, and where one is interpolated. */
export function wordsOf(node: Node | null | undefined): readonly string[] | null {
  if (node?.type !== "sigil" || !/^[wW]$/.test(node.name) || node.parts.length > 0) return null;
  return node.content.split(/\s+/).filter((word) => word !== "");
}
