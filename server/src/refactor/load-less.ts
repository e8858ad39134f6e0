import { shortName } from "../base/module-name.ts";
import { type Edit, type Fix, type FormContext, type FormSource, suggest } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { importedFrom } from "../syntax/env.ts";
import { type Lambda, lambdaOf } from "../syntax/sql-expression.ts";
import { mentions } from "../syntax/visit.ts";

/** `consumer` works on all rows that `all` loads; `direct` when no variable and no preload stand between the two. */
export interface LoadedRows {
  readonly all: Call;
  readonly consumer: Call;
  readonly direct: boolean;
}

/** Macros that leave one row of the result one row of the first source's table, and load nothing besides. */
const PLAIN = /^(from|where|or_where)$/;
const PLAIN_OPTIONS = /^(where|or_where)$/;

/** The ways to let the database do what `consumer` does; none where the query says more than which rows. */
export function loadLess(rows: LoadedRows, { env, text }: Pick<FormContext, "env" | "text">): Fix[] {
  const { all, consumer, direct } = rows;
  const query = all.args[0];
  const schema = query ? schemaOf(query) : null;
  if (!query || !schema || all.args.length !== 1 || !all.remote || all.target) return [];
  const counts = isCount(consumer) && consumer.args.length === 1;
  if (counts && direct) return [suggest("Count in the database", (source) => [aggregate(source, rows, query)])];
  const closure = consumer.args.length === 2 ? consumer.args[1] : undefined;
  const lambda = lambdaOf(closure);
  if (!closure || !lambda) return [];
  const row = rowName(closure, query, schema);
  if (consumer.name === "filter" && importedFrom(env, "where") === "Ecto.Query") {
    const condition = conditionOf(lambda, lambda.body, row, text);
    if (!condition) return [];
    return [
      suggest(`Filter in the database with \`where\`${condition.includes("^") ? MAY_DIFFER : ""}`, (source) =>
        filtered(source, rows, query, `[${row}], ${condition}`),
      ),
    ];
  }
  const field = fieldOf(lambda, lambda.body, row);
  if (consumer.name !== "sort_by" || !field || importedFrom(env, "order_by") !== "Ecto.Query") return [];
  return [
    // Elixir has nil between numbers and texts, and leaves rows of the same key in their order.
    suggest("Sort in the database with `order_by` (NULLs and ties may come in another order)", (source) => [
      ...refine(source, all, query, "order_by", `[${row}], ${field}`),
      ...unwrap(source, consumer),
    ]),
  ];
}

/** `not Repo.exists?(q)`, or without `not`, for what asks whether any row came back. */
export function exists(at: Node, all: Call, negated: boolean): Fix[] {
  const query = all.args[0];
  if (!query || !schemaOf(query) || all.args.length !== 1 || !all.remote || all.target) return [];
  return [
    suggest("Ask the database whether a row exists", (source) => [
      source.replace(at, `${negated ? "not " : ""}${repoOf(source, all)}.exists?(${argument(source, query)})`),
    ]),
  ];
}

/** The schema of a query that does no more than choose rows; null for any other. */
function schemaOf(query: Node): string | null {
  if (query.type === "alias") return query.module;
  if (query.type !== "call" || query.module !== "Ecto.Query" || !PLAIN.test(query.name)) return null;
  const [first, options] = query.args;
  const plain =
    options?.type !== "list" ||
    options.items.every((i) => i.type === "pair" && i.key.type === "atom" && PLAIN_OPTIONS.test(i.key.value));
  if (!first || (query.name === "from" && !plain)) return null;
  const isSource = query.name === "from" && first.type === "binary" && first.operator === "in";
  return schemaOf(isSource ? first.right : first);
}

/** What a binding of the query is called: as in the closure, as in its `from`, else after the schema. */
function rowName(closure: Node, query: Node, schema: string): string {
  const parameter = closure.type === "fn" ? closure.clauses[0]?.patterns[0] : undefined;
  if (parameter?.type === "variable") return parameter.name;
  const source = query.type === "call" && query.name === "from" ? query.args[0] : undefined;
  if (source?.type === "binary" && source.left.type === "variable") return source.left.name;
  return shortName(schema).slice(0, 1).toLowerCase();
}

function isCount(call: Call): boolean {
  return (call.module === null && call.name === "length") || (call.module === "Enum" && call.name === "count");
}

function filtered(source: FormSource, { all, consumer, direct }: LoadedRows, query: Node, args: string): Edit[] {
  const outer = consumer.parent;
  const counted = outer?.type === "call" && outer.args[0] === consumer && outer.args.length === 1 && isCount(outer);
  if (counted && outer.piped && consumer.piped && all.piped && direct) {
    const where = `where(${args})${source.between(query.end, all.ownStart)}${repoOf(source, all)}.aggregate(:count)`;
    return [source.replace({ start: all.ownStart, end: outer.end }, where)];
  }
  return [...refine(source, all, query, "where", args), ...unwrap(source, consumer)];
}

const NO_BOOLEAN = /(?:_at|_on|_by|_url|\b(?:\w+_)?(?:id|name|email|date|note|count))$/;
/** Ecto refuses a pinned nil, which in Elixir equals nil. */
const MAY_DIFFER = " (may differ on NULL)";

/** A condition on fields that SQL decides as Elixir does: NULL is not `!=`, `<` or `>` anything, so those are left out. */
function conditionOf(lambda: Lambda, node: Node, row: string, text: (node: Node) => string): string | null {
  const plain = fieldOf(lambda, node, row);
  // What is a moment, a text or another row's id for sure is no condition.
  if (plain) return NO_BOOLEAN.test(plain) ? null : plain;
  if (node.type === "call" && node.module === null && node.name === "is_nil" && node.args[0]) {
    const name = fieldOf(lambda, node.args[0], row);
    return name && `is_nil(${name})`;
  }
  if (node.type !== "binary") return null;
  if (/^(and|&&)$/.test(node.operator)) {
    const left = conditionOf(lambda, node.left, row, text);
    const right = conditionOf(lambda, node.right, row, text);
    return left && right && `${left} and ${right}`;
  }
  const [left, right] = [fieldOf(lambda, node.left, row), fieldOf(lambda, node.right, row)];
  const value = left ? node.right : node.left;
  const name = left ?? right;
  if (node.operator !== "==" || !name || mentions(value, lambda.parameters)) return null;
  if (value.type === "atom" && value.value === "nil") return `is_nil(${name})`;
  const literal = value.type === "atom" || value.type === "number" || (value.type === "string" && value.value !== null);
  const source = text(value);
  return `${name} == ${literal ? source : /^[\w.@]+$/.test(source) ? `^${source}` : `^(${source})`}`;
}

/** The field of the row that the node reads, as the query writes it. */
function fieldOf({ parameters }: Lambda, node: Node, row: string): string | null {
  if (node.type !== "field") return null;
  const { object, name } = node;
  const isRow =
    object.type === "capture-argument" ? object.index === 1 : object.type === "variable" && parameters.has(object.name);
  return isRow ? `${row}.${name}` : null;
}

/** `q |> macro(…) |> Repo.all()`, or `Repo.all(macro(q, …))`. */
export function refine(source: FormSource, all: Call, query: Node, macro: string, args: string): Edit[] {
  if (all.piped) {
    const start = { start: all.ownStart, end: all.ownStart };
    return [source.replace(start, `${macro}(${args})${source.between(query.end, all.ownStart)}`)];
  }
  return [source.replace(query, `${macro}(${argument(source, query)}, ${args})`)];
}

/** Leaves of a call its first argument. */
export function unwrap(source: FormSource, { start, end, args: [first] }: Call): Edit[] {
  if (!first) return [];
  const before = first.start > start ? [source.replace({ start, end: first.start }, "")] : [];
  return [...before, source.replace({ start: first.end, end }, "")];
}

function aggregate(source: FormSource, { all, consumer }: LoadedRows, query: Node): Edit {
  const repo = repoOf(source, all);
  if (all.piped && consumer.piped)
    return source.replace({ start: all.ownStart, end: consumer.end }, `${repo}.aggregate(:count)`);
  return source.replace(consumer, `${repo}.aggregate(${argument(source, query)}, :count)`);
}

function repoOf(source: FormSource, all: Call): string {
  return source.text({ start: all.calleeStart, end: all.calleeEnd }).replace(/\.all$/, "");
}

/** The source of a query as an argument among others: a `from` without parentheses would swallow those. */
function argument(source: FormSource, query: Node): string {
  const first = query.type === "call" && !query.piped && !query.parens ? query.args[0] : undefined;
  if (!first || query.type !== "call") return source.text(query);
  return `${source.text({ start: query.start, end: query.calleeEnd })}(${source.between(first.start, query.end)})`;
}
