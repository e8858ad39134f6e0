import type { Call, Node } from "./ast.ts";

/**
 * Calls `take` with `context` for each direct child in source order; for a piped call the piped value comes first. This is
 * asked for every node, several times, so that it makes no list; and what `take` needs comes with it, in place of a closure.
 */
export function eachChildWith<C>(node: Node, take: (child: Node, context: C) => unknown, context: C): void {
  switch (node.type) {
    case "call": {
      const { target, args } = node;
      const first = target && node.piped ? args[0] : undefined;
      if (first) take(first, context);
      if (target) take(target, context);
      for (const arg of args) if (arg !== first) take(arg, context);
      for (const section of node.sections) take(section, context);
      return;
    }
    case "block":
      for (const statement of node.statements) take(statement, context);
      return;
    case "binary":
      take(node.left, context);
      take(node.right, context);
      return;
    case "pair":
      take(node.key, context);
      take(node.value, context);
      return;
    case "map":
      if (node.struct) take(node.struct, context);
      if (node.base) take(node.base, context);
      for (const item of node.items) take(item, context);
      return;
    case "list":
    case "tuple":
    case "bitstring":
      for (const item of node.items) take(item, context);
      return;
    case "string":
    case "sigil":
      for (const part of node.parts) take(part, context);
      return;
    case "section":
      if (node.body) take(node.body, context);
      for (const clause of node.clauses) take(clause, context);
      return;
    case "clause":
      for (const pattern of node.patterns) take(pattern, context);
      if (node.guard) take(node.guard, context);
      take(node.body, context);
      return;
    case "def":
      for (const param of node.params) take(param, context);
      if (node.guard) take(node.guard, context);
      if (node.body) take(node.body, context);
      for (const section of node.sections) take(section, context);
      if (node.options) take(node.options, context);
      return;
    case "attribute-set":
      if (node.value) take(node.value, context);
      return;
    case "unary":
      take(node.operand, context);
      return;
    case "access":
      take(node.object, context);
      take(node.key, context);
      return;
    case "field":
      take(node.object, context);
      return;
    case "fn":
      for (const clause of node.clauses) take(clause, context);
      return;
    case "capture":
    case "template":
      take(node.body, context);
      return;
  }
}

/** Calls `take` for each direct child, in the order of `eachChildWith`. */
export function eachChild(node: Node, take: (child: Node) => void): void {
  eachChildWith(node, take, undefined);
}

/** The direct children of a node, in the order of `eachChildWith`. */
export function children(node: Node): readonly Node[] {
  const found: Node[] = [];
  eachChildWith(node, addTo, found);
  return found;
}

function addTo(child: Node, into: Node[]): void {
  into.push(child);
}

/** Calls `enter` for the node and everything below it, in source order; `false` from `enter` skips the node's children. */
export function visit(node: Node, enter: (node: Node) => unknown): void {
  if (enter(node) !== false) eachChildWith(node, visit, enter);
}

/** The calls in a node, itself among them, in source order. */
export function callsIn(node: Node): readonly Call[] {
  const calls: Call[] = [];
  visit(node, (one) => {
    if (one.type === "call") calls.push(one);
  });
  return calls;
}

/** The first node, in source order, for which `test` holds. */
export function find<T extends Node>(node: Node, test: (node: Node) => node is T): T | null;
export function find(node: Node, test: (node: Node) => boolean): Node | null;
export function find(node: Node, test: (node: Node) => boolean): Node | null {
  const search: Search = { test, hit: null };
  look(node, search);
  return search.hit;
}

interface Search {
  readonly test: (node: Node) => boolean;
  hit: Node | null;
}

function look(node: Node, search: Search): void {
  if (search.hit) return;
  if (search.test(node)) search.hit = node;
  else eachChildWith(node, look, search);
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
