import type { Node } from "./ast.ts";

/** Calls `take` for each direct child in source order; for a piped call the piped value comes first. */
export function eachChild(node: Node, take: (child: Node) => void): void {
  switch (node.type) {
    case "call":
      if (node.target && !node.piped) take(node.target);
      for (const arg of node.args) {
        take(arg);
        if (node.target && node.piped && arg === node.args[0]) take(node.target);
      }
      for (const section of node.sections) take(section);
      return;
    case "block":
      for (const statement of node.statements) take(statement);
      return;
    case "binary":
      take(node.left);
      take(node.right);
      return;
    case "pair":
      take(node.key);
      take(node.value);
      return;
    case "list":
    case "tuple":
    case "bitstring":
      for (const item of node.items) take(item);
      return;
    case "string":
    case "sigil":
      for (const part of node.parts) take(part);
      return;
    case "map":
      if (node.struct) take(node.struct);
      if (node.base) take(node.base);
      for (const item of node.items) take(item);
      return;
    case "section":
      if (node.body) take(node.body);
      for (const clause of node.clauses) take(clause);
      return;
    case "clause":
      for (const pattern of node.patterns) take(pattern);
      if (node.guard) take(node.guard);
      take(node.body);
      return;
    case "def":
      for (const param of node.params) take(param);
      if (node.guard) take(node.guard);
      if (node.body) take(node.body);
      for (const section of node.sections) take(section);
      if (node.options) take(node.options);
      return;
    case "attribute-set":
      if (node.value) take(node.value);
      return;
    case "unary":
      take(node.operand);
      return;
    case "access":
      take(node.object);
      take(node.key);
      return;
    case "field":
      take(node.object);
      return;
    case "fn":
      for (const clause of node.clauses) take(clause);
      return;
    case "capture":
    case "template":
      take(node.body);
  }
}

/** The direct children of a node in source order. */
export function children(node: Node): readonly Node[] {
  const out: Node[] = [];
  eachChild(node, (child) => out.push(child));
  return out;
}

/** Calls `enter` for the node and everything below it, in source order; `false` from `enter` skips the node's children. */
export function visit(node: Node, enter: (node: Node) => unknown): void {
  if (enter(node) === false) return;
  eachChild(node, (child) => visit(child, enter));
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
  return (
    find(
      node,
      (n) =>
        (n.type === "variable" && names.has(n.name)) || (n.type === "capture-argument" && names.has(`&${n.index}`)),
    ) !== null
  );
}
