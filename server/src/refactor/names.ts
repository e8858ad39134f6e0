import type { Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { eachChild, find, visit } from "../syntax/visit.ts";

/** The variables that the nodes mention; Elixir's calls without parentheses are among them. */
export function mentionedIn(nodes: readonly Node[]): Set<string> {
  const out = new Set<string>();
  for (const node of nodes)
    visit(node, (inner) => {
      if (inner.type === "variable") out.add(inner.name);
    });
  return out;
}

/** The variables that statements of a block bind for those after them. */
export function boundBy(statements: readonly Node[]): Set<string> {
  const out = new Set<string>();
  const walk = (node: Node): void => {
    // What is bound in there is known in there alone.
    if (node.type === "section" || node.type === "fn" || node.type === "capture") return;
    if (node.type === "call" && node.module === null && /^(?:with|for)$/.test(node.name)) return;
    if (node.type === "binary" && node.operator === "=") boundNames(node.left, out);
    eachChild(node, walk);
  };
  for (const statement of statements) walk(statement);
  return out;
}

/** The variables that patterns bind. */
export function boundIn(patterns: readonly Node[]): Set<string> {
  const out = new Set<string>();
  for (const pattern of patterns) boundNames(pattern, out);
  return out;
}

/** True when the node asks for the process that it runs in: elsewhere it would be another. */
export function asksForSelf(node: Node): boolean {
  return find(node, (n) => n.type === "call" && n.module === null && n.name === "self") !== null;
}
