import type { Node } from "./ast.ts";

const NONE: readonly Node[] = [];

/** The direct children of a node in source order; for a piped call the piped value comes first. Not to be written to. */
export function children(node: Node): readonly Node[] {
  // Where the node has them in one list they are given as they are: this is asked for every node, several times.
  switch (node.type) {
    case "call": {
      const { target, args, sections } = node;
      if (!target) return sections.length === 0 ? args : [...args, ...sections];
      return node.piped && args.length > 0
        ? [args[0] as Node, target, ...args.slice(1), ...sections]
        : [target, ...args, ...sections];
    }
    case "block":
      return node.statements;
    case "binary":
      return [node.left, node.right];
    case "pair":
      return [node.key, node.value];
    case "list":
    case "tuple":
    case "bitstring":
      return node.items;
    case "string":
    case "sigil":
      return node.parts;
    case "map":
      if (!node.struct && !node.base) return node.items;
      return [...(node.struct ? [node.struct] : NONE), ...(node.base ? [node.base] : NONE), ...node.items];
    case "section":
      return node.body ? [node.body, ...node.clauses] : node.clauses;
    case "clause":
      return [...node.patterns, ...(node.guard ? [node.guard] : NONE), node.body];
    case "def":
      return [
        ...node.params,
        ...(node.guard ? [node.guard] : NONE),
        ...(node.body ? [node.body] : NONE),
        ...node.sections,
        ...(node.options ? [node.options] : NONE),
      ];
    case "attribute-set":
      return node.value ? [node.value] : NONE;
    case "unary":
      return [node.operand];
    case "access":
      return [node.object, node.key];
    case "field":
      return [node.object];
    case "fn":
      return node.clauses;
    case "capture":
    case "template":
      return [node.body];
    default:
      return NONE;
  }
}

/** Calls `take` for each direct child, in the order of `children`. */
export function eachChild(node: Node, take: (child: Node) => void): void {
  for (const child of children(node)) take(child);
}

/** Calls `enter` for the node and everything below it, in source order; `false` from `enter` skips the node's children. */
export function visit(node: Node, enter: (node: Node) => unknown): void {
  if (enter(node) === false) return;
  for (const child of children(node)) visit(child, enter);
}

/** The first node, in source order, for which `test` holds. */
export function find<T extends Node>(node: Node, test: (node: Node) => node is T): T | null;
export function find(node: Node, test: (node: Node) => boolean): Node | null;
export function find(node: Node, test: (node: Node) => boolean): Node | null {
  if (test(node)) return node;
  for (const child of children(node)) {
    const hit = find(child, test);
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
  return (
    find(
      node,
      (n) =>
        (n.type === "variable" && names.has(n.name)) || (n.type === "capture-argument" && names.has(`&${n.index}`)),
    ) !== null
  );
}

/** True for a node of that type, and for what stands anywhere in one. */
export function isWithin(node: Node, type: Node["type"]): boolean {
  for (let at: Node | null = node; at; at = at.parent) if (at.type === type) return true;
  return false;
}
