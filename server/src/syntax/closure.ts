import type { Capture, Fn, FunctionReference, Node } from "./ast.ts";

/** A function as a value: `fn x -> x end`, `&(&1 + 1)`, `&trim/1`. */
export type Closure = Fn | Capture | FunctionReference;

export function isClosure(node: Node): node is Closure {
  return node.type === "fn" || node.type === "capture" || node.type === "function-reference";
}
