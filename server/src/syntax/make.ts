import type { Node } from "./ast.ts";
import { eachChildWith } from "./visit.ts";

/** Sets the children's `parent` to the new node, and gives it back. */
export function make<T extends Node>(node: T): T {
  eachChildWith<Node>(node, adopt, node);
  return node;
}

function adopt(child: Node, parent: Node): void {
  child.parent = parent;
}
