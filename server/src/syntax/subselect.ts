import type { Call } from "./ast.ts";
import { fragmentSql, queryPlace } from "./fragment.ts";
import { type SimpleSelect, simpleStatement } from "./simple-sql.ts";

/** A fragment that is a simple `SELECT` as a whole, which a subquery says as well. */
export interface Subselect {
  /** The table that it reads first. */
  readonly table: string;
  readonly isExists: boolean;
  readonly isNegated: boolean;
  /** What it selects, where that is columns by conditions on them. */
  readonly select: SimpleSelect | null;
  /** The version of Ecto from which on a subquery can stand there. */
  readonly since: string;
}

/** From Ecto's changelog: subqueries of any shape in `where` and `dynamic` (3.5.0), `exists` (3.5.5), in `select` (3.9.0). */
const SINCE = new Map([
  ...["where", "or_where", "having", "or_having", "dynamic"].map((place) => [place, "3.5.5"] as const),
  ...["select", "select_merge"].map((place) => [place, "3.9.0"] as const),
]);

/** `fragment("EXISTS (SELECT 1 FROM seats s WHERE s.show_id = ?)", show.id)` in a query; null for any other call. */
export function subselectOf(call: Call): Subselect | null {
  const sql = fragmentSql(call);
  if (sql === null || !/\bselect\b/i.test(sql)) return null;
  const [, not, exists, inner] = /^\s*(?:(?:select\s+)?(not\s+)?(exists)\b\s*)?([\s\S]*)$/i.exec(sql) ?? [];
  const statement = simpleStatement(withoutParentheses(inner ?? ""));
  if (statement?.verb !== "SELECT" || isSource(call)) return null;
  const since = SINCE.get(queryPlace(call) ?? "");
  if (since === undefined) return null;
  const { table, select } = statement;
  return { table, isExists: exists !== undefined, isNegated: not !== undefined, select, since };
}

/** Without the parentheses around the whole; what is left of others is no simple statement. */
function withoutParentheses(sql: string): string {
  const inner = /^\s*\(([\s\S]*)\)\s*$/.exec(sql)?.[1];
  return inner === undefined ? sql : withoutParentheses(inner);
}

/** `from row in fragment(…)`, whose rows are the query's own. */
function isSource({ parent }: Call): boolean {
  return parent?.type === "binary" && parent.operator === "in" && parent.left.type === "variable";
}
