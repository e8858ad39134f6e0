import type { Edit, FormSource } from "../lint/rule.ts";
import type { Binary, Call, Node } from "../syntax/ast.ts";
import { valueBefore } from "../syntax/binding.ts";
import { type SimpleStatement, simpleStatement } from "../syntax/simple-sql.ts";
import { find } from "../syntax/visit.ts";
import { fromTable } from "./from-table.ts";

/** A call that runs simple SQL. */
export interface RawQuery {
  readonly statement: SimpleStatement;
  /** What `Repo` is in `Repo.query(sql)` and `Ecto.Adapters.SQL.query(Repo, sql)`. */
  readonly repo: Node | null;
  readonly parameters: Node | undefined;
  readonly options: Node | undefined;
}

/** `Repo.query(sql, …)`, `Ecto.Adapters.SQL.query(Repo, sql, …)` with simple SQL that is written out, or bound just before. */
export function rawQueryOf(call: Call): RawQuery | null {
  const bySql = call.module === "Ecto.Adapters.SQL";
  const byRepo =
    /(?:^|\.)\w*Repo$/.test(call.module ?? "") || (call.target?.type === "call" && call.target.name === "repo");
  if (!bySql && !byRepo) return null;
  const [sql, parameters, options] = call.args.slice(bySql ? 1 : 0);
  const text = sql?.type === "variable" ? valueBefore(sql) : sql;
  const statement = text?.type === "string" && text.value !== null ? simpleStatement(text.value) : null;
  return statement && { statement, repo: bySql ? (call.args[0] ?? null) : null, parameters, options };
}

/** `%{rows: rows} = Repo.query!(…)` and `Repo.query!(…).rows` as `Repo.all(from …)`, whose rows are lists too. */
export function schemalessQuery(source: FormSource): readonly Edit[] | null {
  const { at } = source;
  const call = find(source.ast, (n) => n.type === "call" && n.ownStart === at.start && n.end === at.end);
  const raw = call?.type === "call" ? rawQueryOf(call) : null;
  const select = raw?.statement.select;
  if (call?.type !== "call" || !select || select.columns.length === 0 || call.name !== "query!" || raw.options)
    return null;
  const values = raw.parameters === undefined ? [] : raw.parameters.type === "list" ? raw.parameters.items : null;
  const query =
    values &&
    fromTable(
      source,
      raw.statement.table,
      select,
      values.map((value) => pinned(source, value)),
    );
  if (!query) return null;
  const repo = raw.repo
    ? source.text(raw.repo)
    : source.text({ start: call.calleeStart, end: call.calleeEnd }).replace(/\.query!$/, "");
  const all = `${repo}.all(${query})`;
  const outer = call.parent;
  if (outer?.type === "field" && outer.name === "rows") return [source.replace(outer, all)];
  const rows = outer?.type === "binary" && outer.right === call ? rowsIn(outer) : null;
  return rows && outer ? [source.replace(outer, `${source.text(rows)} = ${all}`)] : null;
}

/** The pattern for the rows in `%{rows: rows} = …`, where it takes nothing else. */
function rowsIn({ operator, left }: Binary): Node | null {
  const [pair, other] = left.type === "map" && operator === "=" ? left.items : [];
  if (other || pair?.type !== "pair" || pair.key.type !== "atom" || pair.key.value !== "rows") return null;
  return pair.value;
}

function pinned(source: FormSource, value: Node): string {
  const text = source.text(value);
  return /^[\w.@]+$/.test(text) ? `^${text}` : `^(${text})`;
}
