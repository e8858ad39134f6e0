import type { Binary, Call, Node } from "./ast.ts";
import { lambdaOf, translates } from "./sql-expression.ts";
import { find } from "./visit.ts";

/** What a call or a comparison wants of a list, where a query could say it. */
export interface ListQuestion {
  /** The list. */
  readonly rows: Node;
  /** What a query would say instead, as a message has it: "`where`". */
  readonly instead: string;
  /** What chooses elements, or says by what they are sorted; null where every element counts alike. */
  readonly closure: Node | null;
}

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
const EMPTY = "`Repo.exists?`";
const ENUM = new Set([...WITH_PREDICATE.keys(), ...WITH_KEY.keys(), ...PLAIN.keys()]);

/** The functions that ask something of a list, as a rule's query names them. */
export const ASKING: readonly string[] = [
  ...[...ENUM].map((name) => `Enum.${name}`),
  "List.first",
  "List.last",
  "length",
  "hd",
];
const NAMES: ReadonlySet<string> = new Set([...ENUM, "length", "hd"]);

/** The question that a node asks of a list; null for what asks none, and for what only Elixir can compute. */
export function listQuestion(node: Call | Binary): ListQuestion | null {
  if (node.type === "binary") {
    const rows = comparedWithEmpty(node);
    return rows && { rows, instead: EMPTY, closure: null };
  }
  const [rows] = node.args;
  if (!rows || !NAMES.has(node.name) || node.target || !ASKING.includes(calleeOf(node))) return null;
  const asks = insteadOf(node);
  return asks && { rows, ...asks };
}

/** The function that is called, as `ASKING` names it. */
export function calleeOf({ module, name }: Call): string {
  return module === null ? name : `${module}.${name}`;
}

/** True for `List.first(rows)`, `Enum.at(rows, 0)`. */
export function isFirst({ name, args: [, index] }: Call): boolean {
  return name === "first" || (name === "at" && index?.type === "number" && index.text === "0");
}

function insteadOf(call: Call): Pick<ListQuestion, "instead" | "closure"> | null {
  const { name, args } = call;
  const given = (closure: Node | undefined, words: string | undefined): ReturnType<typeof insteadOf> =>
    words === undefined ? null : { instead: words, closure: closure ?? null };
  if (args.length > 1 && WITH_PREDICATE.has(name)) {
    const closure = args.at(-1);
    return translates(closure) && !(name === "reject" && isException(closure))
      ? given(closure, WITH_PREDICATE.get(name))
      : null;
  }
  // To sort rows that are all wanted loads no more than there must be.
  if (name.startsWith("sort") && !isCutShort(call)) return null;
  if (WITH_KEY.has(name)) {
    const [, key, order] = args;
    // To order by what is preloaded takes a join besides.
    if (name === "sort_by" && isDeep(key)) return null;
    return translates(key) && hasOrder(order) ? given(key, WITH_KEY.get(name)) : null;
  }
  return args.slice(1).every(hasOrder) ? given(undefined, PLAIN.get(isFirst(call) ? "first" : name)) : null;
}

/** The other side of `… == []`. */
function comparedWithEmpty({ operator, left, right }: Binary): Node | null {
  if (operator !== "==" && operator !== "!=") return null;
  const isEmpty = (node: Node): boolean => node.type === "list" && node.items.length === 0;
  return isEmpty(right) ? left : isEmpty(left) ? right : null;
}

/** `|> Enum.sort_by(…) |> Enum.take(3)`: the rest was loaded for nothing. */
function isCutShort({ parent }: Call): boolean {
  if (parent?.type !== "call") return false;
  const { module, name } = parent;
  return module === null
    ? name === "hd"
    : /^(?:Enum|List)$/.test(module) && /^(?:take|at|slice|first|last)$/.test(name);
}

/** `& &1.customer.name`: a field of an association. */
function isDeep(key: Node | undefined): boolean {
  const body = lambdaOf(key)?.body;
  return body?.type === "field" && (body.object.type === "field" || body.object.type === "access");
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
