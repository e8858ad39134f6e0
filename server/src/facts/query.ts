import type { Range } from "../base/range.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { Ordinal, QueryFact } from "./facts.ts";

const NONE: readonly QueryFact[] = [];

type Source = QueryFact["source"];

/** What one query asks of one of its sources, while it is read. */
interface Draft {
  readonly source: Source;
  readonly equal: Set<string>;
  readonly range: Set<string>;
  readonly order: Set<string>;
  readonly wrapped: { readonly at: Range; readonly column: string; readonly expression: string }[];
}

/** The sources of a query by the variables that stand for them. */
type Bindings = Map<string, Draft>;

/**
 * The queries of a function whose source stands in place: `from x in Schema, where: …`, `Schema |> where([x], …)` and
 * `Repo.get_by(Schema, …)`. Conditions under `or`, and what is computed, say nothing.
 */
export function queriesOf(written: readonly Call[], anchors: Anchors): readonly QueryFact[] {
  const out: QueryFact[] = [];
  for (const call of written) {
    const drafts = isQuery(call) && !isPartOfQuery(call) ? readChain(call) : lookup(call);
    for (const draft of drafts ?? []) {
      const fact = factOf(draft, () => anchors.add(placeOf(call)), anchors);
      if (fact) out.push(fact);
    }
  }
  return out.length > 0 ? out : NONE;
}

const NO_WRAPPED: QueryFact["wrapped"] = [];

function factOf(
  { source, equal, range, order, wrapped }: Draft,
  at: () => Ordinal,
  anchors: Anchors,
): QueryFact | null {
  if (equal.size + range.size + order.size + wrapped.length === 0) return null;
  const columns = wrapped.map((one) => ({ ...one, at: anchors.add(one.at) }));
  return {
    at: at(),
    source,
    equal: [...equal],
    range: [...range],
    order: [...order],
    wrapped: columns.length > 0 ? columns : NO_WRAPPED,
  };
}

/** Where a query begins: its `from`, or the source that it is piped from. */
function placeOf(last: Call): Range {
  let at: Node = last;
  while (isQuery(at) && at.name !== "from" && at.args[0]) at = at.args[0];
  return at.type === "call" ? { start: at.ownStart, end: at.end } : at;
}

function isQuery(node: Node | null | undefined): node is Call {
  return node?.type === "call" && node.module === "Ecto.Query";
}

/** True for `where(…)` in `where(…) |> order_by(…)`: the last call of a query speaks for all. */
function isPartOfQuery(call: Call): boolean {
  return isQuery(call.parent) && call.parent.args[0] === call;
}

/** `Repo.get_by(Schema, key: value)` */
function lookup(call: Call): Draft[] | null {
  if (!/^(?:get_by|all_by)!?$/.test(call.name) || call.module === null) return null;
  const source = sourceOf(call.args[0]);
  const keys = call.args[1];
  if (!source || keys?.type !== "list") return null;
  const draft = newDraft(source);
  readKeywords(keys, draft);
  return [draft];
}

/** Reads a chain of query calls from its source on; null where the source is not known in place. */
function readChain(last: Call): Draft[] | null {
  const chain: Call[] = [];
  let root: Node | undefined = last;
  for (; isQuery(root) && root.name !== "from"; root = root.args[0]) chain.unshift(root);
  const bindings: Bindings = new Map();
  const first = isQuery(root) ? readFrom(root, bindings) : rootDraft(root);
  if (!first) return null;
  const all = new Set([first, ...bindings.values()]);
  for (const call of chain) readMacro(call, first);
  return [...all];
}

function rootDraft(node: Node | undefined): Draft | null {
  const source = sourceOf(node);
  return source && newDraft(source);
}

/** `from x in Schema, join: y in Other, on: …, where: …, order_by: …` */
function readFrom(from: Call, bindings: Bindings): Draft | null {
  const [root, options] = from.args;
  const first = bind(root, bindings) ?? rootDraft(root);
  if (!first) return null;
  if (options?.type !== "list") return first;
  const pairs = options.items.flatMap((item) =>
    item.type === "pair" && item.key.type === "atom" ? [{ name: item.key.value, value: item.value }] : [],
  );
  for (const { name, value } of pairs) if (/(?:^|_)join$/.test(name)) bind(value, bindings);
  const isLimited = pairs.some(({ name }) => name === "limit");
  for (const { name, value } of pairs) {
    if (name === "where" || name === "on") readCondition(value, bindings, first);
    else if (name === "order_by" && isLimited) readOrder(value, bindings, first);
  }
  return first;
}

/** `x in Schema` */
function bind(node: Node | undefined, bindings: Bindings): Draft | null {
  if (node?.type !== "binary" || node.operator !== "in" || node.left.type !== "variable") return null;
  const source = sourceOf(node.right);
  if (!source) return null;
  const draft = newDraft(source);
  bindings.set(node.left.name, draft);
  return draft;
}

/** `where(query, [x], …)`, `where(query, key: value)`: of the binding that stands for the source. */
function readMacro(call: Call, first: Draft): void {
  if (call.name !== "where") return;
  const [, second, third] = call.args;
  const name = third && second?.type === "list" ? second.items[0] : undefined;
  const bindings: Bindings = new Map(name?.type === "variable" ? [[name.name, first]] : []);
  const condition = third ?? second;
  if (condition) readCondition(condition, bindings, first);
}

function readCondition(node: Node, bindings: Bindings, first: Draft): void {
  if (node.type === "list") readKeywords(node, first);
  if (node.type !== "binary") return;
  const { operator, left, right } = node;
  if (operator === "and") {
    readCondition(left, bindings, first);
    readCondition(right, bindings, first);
    return;
  }
  const kind = operator === "==" || operator === "in" ? "equal" : /^[<>]=?$/.test(operator) ? "range" : null;
  if (!kind) return;
  for (const side of operator === "in" ? [left] : [left, right]) {
    const column = columnOf(side, bindings);
    column?.draft[kind].add(column.name);
    // A join compares rows with rows: that is no look-up by the column.
    if (mentionsOne(node, bindings)) readWrapped(side, bindings);
  }
}

/** True for a condition on one source only. */
function mentionsOne(node: Node, bindings: Bindings): boolean {
  const sources = new Set<string>();
  visit(node, (n) => {
    if (n.type === "unary" && n.operator === "^") return false;
    if (n.type === "variable" && bindings.has(n.name)) sources.add(n.name);
  });
  return sources.size === 1;
}

/** `fragment("lower(?)", x.name)` and `type(x.at, :date)`, beside what a column is compared with. */
function readWrapped(node: Node, bindings: Bindings): void {
  if (node.type !== "call") return;
  const of = node.name === "type" ? node.args[0] : node.name === "fragment" ? node.args.at(-1) : undefined;
  const column = of && columnOf(of, bindings);
  const expression = column && wrappedBy(node);
  if (column && expression) column.draft.wrapped.push({ at: node, column: column.name, expression });
}

const FUNCTION =
  /^\s*((?:lower|upper|trim|btrim|date|date_trunc|date_part|to_char|extract|year|month|md5|length|abs)\s*\([^()?]*\?[^()?]*\)|\?::date)\s*$/i;

/** The SQL of a function around one column alone, `?` being the column; null for any other call. */
function wrappedBy(call: Call): string | null {
  const [first, second] = call.args;
  if (call.args.length !== 2 || !second) return null;
  if (call.name === "type") return second.type === "atom" && second.value === "date" ? "?::date" : null;
  return first?.type === "string" ? (FUNCTION.exec(first.value ?? "")?.[1] ?? null) : null;
}

/** `where: [key: ^value]` */
function readKeywords(list: Extract<Node, { type: "list" }>, draft: Draft): void {
  for (const item of list.items) if (item.type === "pair" && item.key.type === "atom") draft.equal.add(item.key.value);
}

function readOrder(node: Node, bindings: Bindings, first: Draft): void {
  if (node.type === "list") for (const item of node.items) readOrder(item, bindings, first);
  else if (node.type === "pair") readOrder(node.value, bindings, first);
  else if (node.type === "atom") first.order.add(node.value);
  else {
    const column = columnOf(node, bindings);
    column?.draft.order.add(column.name);
  }
}

/** `x.name` and `field(x, :name)` of a variable whose source is known. */
function columnOf(node: Node, bindings: Bindings): { draft: Draft; name: string } | null {
  const [object, name] =
    node.type === "field"
      ? [node.object, node.name]
      : node.type === "call" && node.name === "field" && node.args[1]?.type === "atom"
        ? [node.args[0], node.args[1].value]
        : [];
  const draft = object?.type === "variable" ? bindings.get(object.name) : undefined;
  return draft && name ? { draft, name } : null;
}

/** A schema, `"table"`, or `{"table", Schema}`. */
function sourceOf(node: Node | undefined): Source | null {
  if (node?.type === "alias") return { schema: node.module };
  if (node?.type === "string" && node.value !== null) return { table: node.value };
  return node?.type === "tuple" ? sourceOf(node.items[0]) : null;
}

function newDraft(source: Source): Draft {
  return { source, equal: new Set(), range: new Set(), order: new Set(), wrapped: [] };
}
