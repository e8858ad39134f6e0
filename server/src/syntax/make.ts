import type { Node } from "./ast.ts";
import { eachChild } from "./visit.ts";

/** Sets the children's `parent` to the new node, and gives it back. */
export function make<T extends Node>(node: T): T {
  const adopt = (child: Node): void => {
    child.parent = node;
  };
  eachChild(node, adopt);
  return node;
}
