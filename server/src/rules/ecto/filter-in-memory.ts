import { formRule, type Query } from "../../lint/rule.ts";
import { exists, loadLess } from "../../refactor/load-less.ts";
import type { Binary, Call, Node } from "../../syntax/ast.ts";
import { boundValues, singleUseValue } from "../../syntax/binding.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { readQuery } from "../../syntax/query.ts";
import { asksForAny, lambdaOf, translates } from "../../syntax/sql-expression.ts";
import { find } from "../../syntax/visit.ts";

/** What the query would say instead, by the function that does it to the loaded rows. */
const WITH_PREDICATE = new Map([
  ["filter", "`where`"],
  ["reject", "`where`"],
  ["find", "`where` and `limit: 1`"],
  ["count", "`where` and `Repo.aggregate(:count)`"],
  ["any?", "`where` and `Repo.exists?`"],
  ["all?", "`where` and `Repo.exists?`"],
]);
const WITH_KEY = new Map([
  ["sort_by", "`order_by`"],
  ["uniq_by", "`distinct`"],
  ["min_by", "`order_by` and `limit: 1`"],
  ["max_by", "`order_by` and `limit: 1`"],
  ["sum_by", "`Repo.aggregate(:sum, …)`"],
  ["frequencies_by", "`group_by` and `count`"],
]);
const PLAIN = new Map([
  ["count", "`Repo.aggregate(:count)`"],
  ["length", "`Repo.aggregate(:count)`"],
  ["empty?", "`Repo.exists?`"],
  ["any?", "`Repo.exists?`"],
  ["at", "`limit` and `offset`"],
  ["take", "`limit`"],
  ["drop", "`offset`"],
  ["slice", "`limit` and `offset`"],
  ["hd", "`limit: 1` and `Repo.one`"],
  ["first", "`limit: 1` and `Repo.one`"],
  ["last", "`order_by`, `limit: 1` and `Repo.one`"],
  ["sort", "`order_by`"],
  ["uniq", "`distinct`"],
  ["sum", "`Repo.aggregate(:sum, …)`"],
  ["min", "`Repo.aggregate(:min, …)`"],
  ["max", "`Repo.aggregate(:max, …)`"],
  ["frequencies", "`group_by` and `count`"],
]);
const SMALL = 100;
/** So many variables deep a query is followed. */
const DEPTH = 3;

const ENUM = [...new Set([...WITH_PREDICATE.keys(), ...WITH_KEY.keys(), ...PLAIN.keys()])].map(
  (name) => `Enum.${name}`,
);
const query: Query<Call | Binary> = {
  callees: [...ENUM, "List.first", "List.last", "length", "hd"],
  types: ["binary"],
};

export default formRule({
  id: "ecto/filter-in-memory",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "All rows are loaded, then filtered, sorted or counted in Elixir, where the database could do it.",
  query,
  check(node, cx) {
    const rows = node.type === "binary" ? comparedWithEmpty(node) : node.args[0];
    const instead = node.type === "binary" ? PLAIN.get("empty?") : insteadOf(node);
    const loaded = rows && instead ? loadedBy(rows, node) : null;
    const source = loaded?.all.args[0];
    if (!loaded || !source || isData(source) || isBounded(source, node)) return;
    // Whole rows are never nil: of them a query has nothing to ask.
    if (node.type === "call" && asksForAny(node.args[1]) && !find(source, (n) => says(n, "select") !== null)) return;
    // To sort rows that are all wanted loads no more than there must be.
    if (node.type === "call" && node.name.startsWith("sort") && !isCutShort(node)) return;
    // Ecto refuses to aggregate a grouped query, which one that comes from elsewhere may be.
    const words = isWhole(source) ? instead : instead?.replace("Repo.aggregate(", "Repo.aggregate(subquery(…), ");
    const callee = (call: Call): string => cx.text({ start: call.calleeStart, end: call.calleeEnd });
    const what = node.type === "binary" ? "comparing with `[]`" : `\`${callee(node)}\``;
    const at = node.type === "binary" ? node : { start: node.ownStart, end: node.end };
    const negation = node.parent?.type === "unary" && /^(not|!)$/.test(node.parent.operator) ? node.parent : null;
    const empty = node.type === "binary" ? node.operator === "==" : node.name === "empty?";
    const asks =
      loaded.direct && (node.type === "binary" || ((empty || node.name === "any?") && node.args.length === 1));
    cx.report(
      at,
      `\`${callee(loaded.all)}\` loads every row for ${what} to work on in memory; let the database do it with ${words}.`,
      {
        requires: words?.includes("exists?") ? { ecto: "3.0.0" } : {},
        related: [
          { at: { start: loaded.all.calleeStart, end: loaded.all.calleeEnd }, message: "The rows are loaded here" },
        ],
        fixes: asks
          ? exists(negation ?? node, loaded.all, empty !== (negation !== null))
          : node.type === "binary"
            ? []
            : loadLess({ ...loaded, consumer: node }, { env: cx.env, text: (n) => cx.text(n) }),
      },
    );
  },
});

/** `|> Enum.sort_by(…) |> Enum.take(3)`: the rest was loaded for nothing. */
function isCutShort({ parent }: Call): boolean {
  if (parent?.type !== "call") return false;
  const { module, name } = parent;
  return module === null
    ? name === "hd"
    : /^(?:Enum|List)$/.test(module) && /^(?:take|at|slice|first|last)$/.test(name);
}

/** The other side of `… == []`. */
function comparedWithEmpty({ operator, left, right }: Binary): Node | undefined {
  if (operator !== "==" && operator !== "!=") return undefined;
  const isEmpty = (node: Node): boolean => node.type === "list" && node.items.length === 0;
  return isEmpty(right) ? left : isEmpty(left) ? right : undefined;
}

/** What a query would use for the call; undefined for what only Elixir can compute. */
function insteadOf(call: Call): string | undefined {
  const { name, args } = call;
  const closure = args.at(-1);
  if (args.length > 1 && WITH_PREDICATE.has(name))
    return translates(closure) && !(name === "reject" && isException(closure)) ? WITH_PREDICATE.get(name) : undefined;
  if (WITH_KEY.has(name)) {
    // All rows are loaded anyway, and to order by what is preloaded takes a join besides.
    if (name === "sort_by" && isDeep(args[1])) return undefined;
    return translates(args[1]) && hasOrder(args[2]) ? WITH_KEY.get(name) : undefined;
  }
  return args.slice(1).every(hasOrder) ? PLAIN.get(isFirst(call) ? "first" : name) : undefined;
}

/** `& &1.customer.name`: a field of an association. */
function isDeep(key: Node | undefined): boolean {
  const body = lambdaOf(key)?.body;
  return body?.type === "field" && (body.object.type === "field" || body.object.type === "access");
}

/** True for a query whose source and clauses all stand here. */
function isWhole(query: Node): boolean {
  const { source, through } = readQuery(query);
  return through.length === 0 && source !== null && /^(?:alias|string|tuple)$/.test(source.type);
}

/** True for `&(&1.user_id == user.id)`: to reject what equals one value at hand, nearly all rows are loaded for good reason. */
function isException(closure: Node | undefined): boolean {
  const body = lambdaOf(closure)?.body;
  if (body?.type !== "binary" || body.operator !== "==") return false;
  return ![body.left, body.right].some((n) => n.type === "atom" || n.type === "number" || n.type === "string");
}

/** True for the orders that a database knows as well: `:desc`, `{:asc, DateTime}`, but not `{:desc, Version}`. */
function hasOrder(sorter: Node | undefined): boolean {
  if (!sorter) return true;
  return (
    find(
      sorter,
      (n) =>
        n.type === "fn" ||
        n.type === "capture" ||
        n.type === "function-reference" ||
        (n.type === "alias" && !/^(DateTime|NaiveDateTime|Date|Time|Decimal)$/.test(n.module)),
    ) === null
  );
}

/** The `Repo.all` whose rows the node is: called right there, preloaded, picked one field of, or by a variable read once. */
function loadedBy(rows: Node, consumer: Node, direct = true): { all: Call; direct: boolean } | null {
  if (rows.type === "variable") {
    const value = singleUseValue(rows);
    return value && loadedBy(value, consumer, false);
  }
  if (rows.type !== "call") return null;
  const inner = rows.args[0];
  if (inner && isRepo(rows) && rows.name === "preload") return loadedBy(inner, consumer, false);
  const picks = /^(Enum|Stream)$/.test(rows.module ?? "") && rows.name === "map" && translates(rows.args[1]);
  if (inner && picks && consumer.type === "call" && /^(sum|min|max|uniq|frequencies)$/.test(consumer.name)) {
    return loadedBy(inner, consumer, false);
  }
  return isRepo(rows) && rows.name === "all" && inner ? { all: rows, direct } : null;
}

function isRepo(call: Call): boolean {
  return /Repo$/.test(call.module ?? "") || (call.target?.type === "variable" && call.target.name === "repo");
}

/**
 * True when the query has a limit or is grouped: what is done to a page of rows cannot move into its `where`, and groups
 * are few. `hd` without an order says that there is one row.
 */
function isBounded(query: Node, consumer: Node): boolean {
  const parts =
    query.type === "variable" ? boundValues(query, query.name).filter((value) => !isAround(value, query)) : [query];
  if (parts.some((part) => isLimited(part))) return true;
  if (consumer.type !== "call") return false;
  // What a fragment computes may have no name to sort by.
  if (
    consumer.name === "sort" &&
    parts.some((part) => find(part, (n) => n.type === "call" && n.name === "fragment") !== null)
  )
    return true;
  const isOrdered = parts.some((part) => find(part, (n) => says(n, "order_by") !== null) !== null);
  // PostgreSQL sorts by what is to be distinct first: the rows would come in another order.
  if (consumer.name.startsWith("uniq") && isOrdered) return true;
  if (isOrdered || query.type === "alias") return false;
  // Who takes the first of what has no order, and asks for one value of a column, expects no more than one row.
  return consumer.name === "hd" || (isFirst(consumer) && parts.some((part) => find(part, isEqual) !== null));
}

/** True where the query, or one that it is made of, has a limit or is grouped. */
function isLimited(query: Node, depth = DEPTH): boolean {
  const holds = (n: Node): boolean =>
    n.type === "variable" &&
    depth > 0 &&
    boundValues(n, n.name).some((value) => !isAround(value, n) && isLimited(value, depth - 1));
  return find(query, (n) => bounds(n) || holds(n)) !== null;
}

/** `List.first(rows)`, `Enum.at(rows, 0)` */
function isFirst({ name, args: [, index] }: Call): boolean {
  return name === "first" || (name === "at" && index?.type === "number" && index.text === "0");
}

function isEqual(node: Node): boolean {
  return node.type === "binary" && node.operator === "==";
}

/** True for what is no query: a module that is called like a repository, and is none, is asked with options. */
function isData(source: Node): boolean {
  return source.type === "list" || (source.type === "call" && /^(?:Enum|Map|Keyword|List)$/.test(source.module ?? ""));
}

function isAround(outer: Node, inner: Node): boolean {
  return find(outer, (n) => n === inner) !== null;
}

function bounds(node: Node): boolean {
  const limit = says(node, "limit");
  if (limit) return !(limit.type === "number" && Number(limit.text) > SMALL);
  const one = node.type === "call" && node.module === "Ecto.Query" && /^(first|last)$/.test(node.name);
  return one || says(node, "group_by") !== null;
}

/** What a query macro is given for a clause: `limit(q, 10)`, or `limit: 10` in a `from`. */
function says(node: Node, clause: string): Node | null {
  if (node.type !== "call" || node.module !== "Ecto.Query") return null;
  return (node.name === clause ? node.args.at(-1) : keywordValue(node.args[1], clause)) ?? null;
}
