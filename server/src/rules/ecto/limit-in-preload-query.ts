import { calls, formRule } from "../../lint/rule.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { latestValue, readQuery } from "../../syntax/query.ts";
import { ancestors } from "../../syntax/visit.ts";

const LIMIT = /^(?:limit|offset|first|last)$/;
/** With these a query can well count by parent. */
const BY_PARENT = /^(?:windows|distinct|group_by)$|lateral/;
/** Names of variables that hold many rows. */
const MANY = /[^s]s$|(?:^|_)(?:list|all|people|children)$/;
const SINGLE = /^(?:one|get|get_by|first)!?$/;

export default formRule({
  id: "ecto/limit-in-preload-query",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "A `limit` in a preload query counts the rows of all parents together: most parents get none.",
  query: calls("*.preload", "Ecto.Query.from"),
  check(call, cx) {
    for (const { name, query } of preloadQueries(call)) {
      const { parts } = readQuery(query);
      const limit = parts.find((part) => LIMIT.test(part.name));
      if (!limit || parts.some((part) => BY_PARENT.test(part.name))) continue;
      cx.report(
        query,
        `The query for \`${name}\` runs once for all parents, so its \`${limit.name}\` counts their rows together and most parents get none; number the rows by parent with \`row_number\`, or use a lateral join.`,
        { related: limit.call === query ? [] : [{ at: limit.value, message: `The \`${limit.name}\`` }] },
      );
    }
  },
});

interface Preload {
  readonly name: string;
  readonly query: Node;
}

/** The queries by which the call preloads associations of many rows. */
function preloadQueries(call: Call): readonly Preload[] {
  if (call.module === "Ecto.Query") return isForOne(call) ? [] : pinned(preloadsOf(call));
  const [rows, preloads] = call.args;
  return call.name === "preload" && /Repo$/.test(call.module ?? "") && rows && isMany(rows) ? named(preloads) : [];
}

function preloadsOf({ name, args }: Call): Node | undefined {
  if (name === "preload") return args.at(-1);
  const [, options] = args;
  if (name !== "from" || options?.type !== "list") return undefined;
  for (const item of options.items)
    if (item.type === "pair" && item.key.type === "atom" && item.key.value === "preload") return item.value;
  return undefined;
}

/** `comments: query`, `comments: {query, …}` */
function named(list: Node | undefined): Preload[] {
  if (list?.type !== "list") return [];
  return list.items.flatMap((item) => {
    if (item.type !== "pair" || item.key.type !== "atom") return [];
    const query = item.value.type === "tuple" ? item.value.items[0] : item.value;
    return query ? [{ name: item.key.value, query }] : [];
  });
}

/** `comments: ^query`, as queries have it. */
function pinned(list: Node | undefined): Preload[] {
  return named(list).flatMap(({ name, query }) =>
    query.type === "unary" && query.operator === "^" ? [{ name, query: query.operand }] : [],
  );
}

/** True for what is surely more than one row. */
function isMany(rows: Node): boolean {
  if (rows.type === "call") return /Repo$/.test(rows.module ?? "") && /^(?:all|all_by)$/.test(rows.name);
  if (rows.type !== "variable") return false;
  const value = latestValue(rows);
  return value ? isMany(value) : MANY.test(rows.name);
}

/** True for a query that is run for one row: there the limit is what it says. */
function isForOne(call: Call): boolean {
  for (const outer of ancestors(call)) {
    if (outer.type !== "call") return false;
    if (/Repo$/.test(outer.module ?? "")) return SINGLE.test(outer.name);
    if (outer.module === "Ecto.Query" && /^(?:first|last)$/.test(outer.name)) return true;
  }
  return false;
}
