import type { Node, Variable } from "./ast.ts";
import { boundNames } from "./flow.ts";
import { ancestors, visit } from "./visit.ts";

/** The function around a node, or the outermost node where there is none. */
export function functionAround(node: Node): Node {
  let last = node;
  for (const outer of ancestors(node)) {
    last = outer;
    if (outer.type === "def") break;
  }
  return last;
}

/** What `name = …` binds the name to, everywhere in the function around the node, in source order. */
export function boundValues(node: Node, name: string): Node[] {
  const out: Node[] = [];
  visit(functionAround(node), (n) => {
    if (n.type === "binary" && n.operator === "=" && n.left.type === "variable" && n.left.name === name)
      out.push(n.right);
  });
  return out;
}

/** True when the function around the variable binds its name in one place only, parameters and patterns of clauses counted. */
export function isBoundOnce(variable: Variable): boolean {
  let bindings = 0;
  const patterns = new Set<Node>();
  const count = (pattern: Node): void => {
    patterns.add(pattern);
    if (boundNames(pattern).has(variable.name)) bindings++;
  };
  visit(functionAround(variable), (n) => {
    // The `=` in a pattern is a part of it.
    if (patterns.has(n)) return false;
    if (n.type === "def") n.params.forEach(count);
    else if (n.type === "clause") n.patterns.forEach(count);
    else if (n.type === "binary" && (n.operator === "=" || n.operator === "<-")) count(n.left);
    return true;
  });
  return bindings === 1;
}

/** What a variable stands for when its function binds it once, and before it is read here; null otherwise. */
export function valueBefore(read: Variable): Node | null {
  const [value, other] = boundValues(read, read.name);
  return value && !other && value.end <= read.start ? value : null;
}

/**
 * What a variable stands for when its function binds it once, by a statement before, and reads it here and nowhere
 * else; null otherwise, and where the read is in a closure or a loop: that may run many times.
 */
export function singleUseValue(read: Variable): Node | null {
  const occurrences: Node[] = [];
  visit(functionAround(read), (n) => {
    if (n.type === "variable" && n.name === read.name) occurrences.push(n);
  });
  const [bound, other] = occurrences;
  const match = bound?.parent;
  if (occurrences.length !== 2 || other !== read) return null;
  if (match?.type !== "binary" || match.operator !== "=" || match.left !== bound) return null;
  for (const outer of ancestors(read)) {
    if (outer === match.parent) return outer.type === "block" ? match.right : null;
    if (outer.type === "fn" || outer.type === "capture") return null;
    if (outer.type === "call" && outer.module === null && outer.name === "for") return null;
  }
  return null;
}
