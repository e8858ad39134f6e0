import type { Node } from "./ast.ts";

/** The direct children of a node in source order; for a piped call the piped value comes first. */
export function children(node: Node): readonly (Node | null)[] {
  switch (node.type) {
    case "string":
    case "sigil":
      return node.parts;
    case "attribute-set":
      return [node.value];
    case "list":
    case "tuple":
    case "bitstring":
      return node.items;
    case "map":
      return [node.struct, node.base, ...node.items];
    case "pair":
      return [node.key, node.value];
    case "binary":
      return [node.left, node.right];
    case "unary":
      return [node.operand];
    case "access":
      return [node.object, node.key];
    case "field":
      return [node.object];
    case "clause":
      return [...node.patterns, node.guard, node.body];
    case "fn":
      return node.clauses;
    case "capture":
      return [node.body];
    case "block":
      return node.statements;
    case "section":
      return node.body ? [node.body] : node.clauses;
    case "call":
      return node.target ? [node.target, ...node.args, ...node.sections] : [...node.args, ...node.sections];
    case "template":
      return [node.body];
    case "def":
      return [...node.params, node.guard, node.body, ...node.sections, node.options];
    default:
      return [];
  }
}

/** Calls `enter` for the node and everything below it, in source order; `false` from `enter` skips the node's children. */
export function visit(node: Node, enter: (node: Node) => boolean | void): void {
  if (enter(node) === false) return;
  for (const child of children(node)) if (child) visit(child, enter);
}

/** The first node, in source order, for which `test` holds. */
export function find<T extends Node>(node: Node, test: (node: Node) => node is T): T | null;
export function find(node: Node, test: (node: Node) => boolean): Node | null;
export function find(node: Node, test: (node: Node) => boolean): Node | null {
  if (test(node)) return node;
  for (const child of children(node)) {
    const hit = child && find(child, test);
    if (hit) return hit;
  }
  return null;
}

/** The ancestors of a node, nearest first. */
export function* ancestors(node: Node): Generator<Node> {
  for (let at = node.parent; at; at = at.parent) yield at;
}

/** True when one of the variables occurs in the node; `&1` is named so. */
export function mentions(node: Node, names: ReadonlySet<string>): boolean {
  return find(node, (n) => (n.type === "variable" && names.has(n.name)) || (n.type === "capture-argument" && names.has(`&${n.index}`))) !== null;
}
