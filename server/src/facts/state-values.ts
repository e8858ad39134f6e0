import type { Node } from "../syntax/ast.ts";

/** What is known of a value: which part of the state it is or was made of, and where it was added to. */
export interface Value {
  /** Null for what is no part of the state. */
  readonly path: string | null;
  readonly grown: readonly Growth[];
}

interface Growth {
  readonly field: string;
  readonly node: Node;
}

/** What is no part of the state. */
export const NOTHING: Value = { path: null, grown: [] };

/** A computed key. */
export const SOME = "[]";

/** The field that a step of `put_in` and its like names. */
export function stepOf(step: Node): string {
  const key = step.type === "call" && step.module === "Access" ? step.args[0] : step;
  return key?.type === "atom" ? key.value : SOME;
}

/** The path of a field of what stands at that path: `users.[]`. */
export function pathOf(whole: string, field: string): string {
  return whole === "" ? field : `${whole}.${field}`;
}

/** The value with one more element, which the node adds. */
export function add(value: Value, node: Node): Value {
  return value.path === null ? NOTHING : { path: value.path, grown: [...value.grown, { field: value.path, node }] };
}

/** What is known where the value may be either. */
export function join(a: Value | undefined, b: Value): Value {
  if (!a) return b;
  if (a.path !== b.path)
    return a.path === "" || b.path === "" ? { path: "", grown: [...a.grown, ...b.grown] } : NOTHING;
  return a.grown.length === 0 ? b : { path: a.path, grown: [...new Set([...a.grown, ...b.grown])] };
}

/** The nodes that add an element to what becomes the next state, with the field that they add it to. */
export function grownIn(results: readonly Value[]): ReadonlyMap<Node, string> {
  const grown = new Map<Node, string>();
  for (const { path, grown: growths } of results) {
    if (path !== "") continue;
    for (const { field, node } of growths) if (!grown.has(node)) grown.set(node, field);
  }
  return grown;
}
