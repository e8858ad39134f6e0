import type { Edit, Fix, FormSource } from "../lint/rule.ts";
import { suggest } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { importedFrom, type Env } from "../syntax/env.ts";
import { lambdaOf } from "../syntax/sql-expression.ts";
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
export function loadLess(rows: LoadedRows, env: Env): Fix[] {
  const { all, consumer, direct } = rows;
  const query = all.args[0];
  const schema = query ? schemaOf(query) : null;
  if (!query || !schema || all.args.length !== 1 || !all.remote || all.target) return [];
  const closure = consumer.args.at(-1);
  const counts = (consumer.name === "length" || consumer.name === "count") && consumer.args.length === 1;
  if (counts && direct) return [suggest("Count in the database", (source) => [aggregate(source, rows, query)])];
  if (consumer.args.length !== 2 || !closure) return [];
  const row = rowName(closure, query, schema);
  if (consumer.name === "filter" && importedFrom(env, "where") === "Ecto.Query") {
    return [suggest("Filter in the database with `where`", (source) => filtered(source, rows, row, closure))];
  }
  if (consumer.name === "sort_by" && importedFrom(env, "order_by") === "Ecto.Query") {
    return [
      suggest("Sort in the database with `order_by`", (source) => {
        const key = lambdaOf(closure);
        const field = key?.body.type === "field" && isRow(key.body.object, key.parameters) ? key.body.name : null;
        if (!field) return null;
        return [...refine(source, all, query, "order_by", `[${row}], ${row}.${field}`), ...unwrap(source, consumer)];
      }),
    ];
  }
  return [];
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
  const plain = options?.type !== "list" || options.items.every((i) => i.type === "pair" && i.key.type === "atom" && PLAIN_OPTIONS.test(i.key.value));
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
  return (schema.split(".").at(-1) ?? "x").slice(0, 1).toLowerCase();
}

function filtered(source: FormSource, rows: LoadedRows, row: string, closure: Node): Edit[] | null {
  const { all, consumer, direct } = rows;
  const query = all.args[0];
  const lambda = lambdaOf(closure);
  const condition = lambda && conditionOf(lambda.body, lambda.parameters, row, source);
  if (!query || !condition) return null;
  const args = `[${row}], ${condition}`;
  const outer = consumer.parent;
  const counted = outer?.type === "call" && outer.args[0] === consumer && outer.args.length === 1 && (outer.name === "length" || outer.name === "count");
  if (counted && outer.piped && consumer.piped && all.piped && direct) {
    const where = `where(${args})${source.between(query.end, all.ownStart)}${repoOf(source, all)}.aggregate(:count)`;
    return [source.replace({ start: all.ownStart, end: outer.end }, where)];
  }
  return [...refine(source, all, query, "where", args), ...unwrap(source, consumer)];
}

/** A condition on fields that SQL decides as Elixir does: NULL is not `!=`, `<` or `>` anything, so those are left out. */
function conditionOf(node: Node, parameters: ReadonlySet<string>, row: string, source: FormSource): string | null {
  const field = (n: Node): string | null => (n.type === "field" && isRow(n.object, parameters) ? `${row}.${n.name}` : null);
  const plain = field(node);
  if (plain) return plain;
  if (node.type === "call" && node.name === "is_nil" && node.args[0]) {
    const name = field(node.args[0]);
    return name && `is_nil(${name})`;
  }
  if (node.type === "binary" && /^(and|&&)$/.test(node.operator)) {
    const left = conditionOf(node.left, parameters, row, source);
    const right = conditionOf(node.right, parameters, row, source);
    return left && right && `${left} and ${right}`;
  }
  if (node.type !== "binary" || node.operator !== "==") return null;
  const [name, value] = field(node.left) ? [field(node.left), node.right] : [field(node.right), node.left];
  if (!name || mentions(value, parameters)) return null;
  if (value.type === "atom" && value.value === "nil") return `is_nil(${name})`;
  const literal = value.type === "atom" || value.type === "number" || (value.type === "string" && value.value !== null);
  const text = source.text(value);
  return `${name} == ${literal ? text : /^[\w.@]+$/.test(text) ? `^${text}` : `^(${text})`}`;
}

function isRow(node: Node, parameters: ReadonlySet<string>): boolean {
  if (node.type === "capture-argument") return node.index === 1;
  return node.type === "variable" && parameters.has(node.name);
}

/** `q |> macro(…) |> Repo.all()`, or `Repo.all(macro(q, …))`. */
function refine(source: FormSource, all: Call, query: Node, macro: string, args: string): Edit[] {
  if (all.piped) {
    const start = { start: all.ownStart, end: all.ownStart };
    return [source.replace(start, `${macro}(${args})${source.between(query.end, all.ownStart)}`)];
  }
  return [source.replace(query, `${macro}(${argument(source, query)}, ${args})`)];
}

/** Leaves of a call its first argument. */
function unwrap(source: FormSource, { start, end, args: [first] }: Call): Edit[] {
  if (!first) return [];
  const before = first.start > start ? [source.replace({ start, end: first.start }, "")] : [];
  return [...before, source.replace({ start: first.end, end }, "")];
}

function aggregate(source: FormSource, { all, consumer }: LoadedRows, query: Node): Edit {
  const repo = repoOf(source, all);
  if (all.piped && consumer.piped) return source.replace({ start: all.ownStart, end: consumer.end }, `${repo}.aggregate(:count)`);
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
