import type { Node } from "./ast.ts";

/** How tightly PostgreSQL's operators bind; `->`, `||` and the like come between comparisons and sums. */
const BINDING: ReadonlyMap<string, number> = new Map([
  ["OR", 1],
  ["AND", 2],
  ["NOT", 3],
  ..."IS IN LIKE ILIKE BETWEEN = <> != < > <= >=".split(" ").map((operator) => [operator, 4] as const),
  ..."+ -".split(" ").map((operator) => [operator, 6] as const),
  ..."* / %".split(" ").map((operator) => [operator, 7] as const),
  ["::", 9],
]);
const OTHER = 5;
/** What no operator can take a part of: a name, a call, something in parentheses. */
export const CLOSED = 10;

/** The operators of Ecto's queries that it writes as SQL's, without parentheses around the whole. */
const ECTO = new Map([
  ["or", 1],
  ["and", 2],
  ..."== != < > <= >= in".split(" ").map((operator) => [operator, 4] as const),
  ..."+ -".split(" ").map((operator) => [operator, 6] as const),
  ..."* /".split(" ").map((operator) => [operator, 7] as const),
]);

/** How tightly a token binds what stands beside it; null for what is no operator. */
export function binding(token: string | undefined): number | null {
  if (token === undefined) return null;
  return BINDING.get(token.toUpperCase()) ?? (/^[^\w\s()[\],.?'"\\;]+$/.test(token) ? OTHER : null);
}

/** How tightly the loosest operator of the SQL binds that stands in no parentheses. */
export function bindingOf(tokens: readonly string[]): number {
  let depth = 0;
  let loosest = CLOSED;
  // The `AND` of `BETWEEN` is no conjunction.
  const between = tokens.some((token) => /^between$/i.test(token));
  for (const token of tokens) {
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    const own = depth === 0 && !(between && /^and$/i.test(token)) ? binding(token) : null;
    if (own !== null) loosest = Math.min(loosest, own);
  }
  return loosest;
}

/** How tightly the SQL binds that Ecto writes for an expression other than a fragment. */
export function bindingOfNode(node: Node): number {
  if (node.type === "binary") return ECTO.get(node.operator) ?? 0;
  if (node.type === "unary") return node.operator === "not" ? 3 : node.operator === "^" ? CLOSED : 8;
  if (node.type !== "call") return CLOSED;
  return /^(?:is_nil|i?like)$/.test(node.name) ? 4 : node.name === "type" ? 9 : CLOSED;
}
