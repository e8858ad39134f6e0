import type { Call, Node } from "../syntax/ast.ts";
import { boundNames, keywordValue } from "../syntax/flow.ts";
import { latestValue, readQuery } from "../syntax/query.ts";
import { ancestors } from "../syntax/visit.ts";
import type { Flow, QueryAim } from "./call-facts.ts";
import { dependence } from "./flow-bits.ts";

const READS = /^(?:all|all_by|stream|one|get|get_by|exists\?|aggregate|reload)!?$/;
/** What names of tables and modules are called; a variable or a field of any other name may hold a query. */
const SOURCE = /(?:^|_)(?:table|schema|source|model|module|queryable|relation)(?:_name)?$/;

/**
 * What a call of a repository reads beside the rows that its conditions choose: by what the table or the tenant's schema is
 * chosen, and whether one row by an order is asked for. Null for plain queries, and for all other calls.
 */
export function aimOf({ module, name, args: [query, ...rest] }: Call, flowOf: (node: Node) => Flow): QueryAim | null {
  if (!query || !/(?:^|\.)\w*Repo$/.test(module ?? "") || !READS.test(name)) return null;
  const { source: read, parts, through } = readQuery(query);
  const source = read?.type === "call" && read.name === "subquery" ? (read.args[0] ?? null) : read;
  const last = rest.at(-1);
  const options = last?.type === "variable" ? latestValue(last) : last;
  const places = [
    ...(source && (namesSource(source) || (through.length === 0 && !name.startsWith("reload") && isGiven(source)))
      ? [source]
      : []),
    ...parts.flatMap((part) => (part.name === "prefix" ? [part.value] : [])),
    ...prefixesPut(query),
    keywordValue(options ?? undefined, "prefix"),
  ];
  const place = places.reduce((flow, node) => (node ? flow | dependence(flowOf(node)) : flow), 0);
  const says = (clause: string): Node | undefined => parts.find((part) => part.name === clause)?.value;
  const limit = says("limit");
  const isOne = limit?.type === "number" && limit.text === "1";
  const ordered = says("order_by") !== undefined;
  const newest = parts.some((part) => /^(?:first|last)$/.test(part.name)) || (isOne && ordered);
  const few = limit !== undefined && !isOne && ordered;
  return place !== 0 || newest || few ? { place, newest, few } : null;
}

/** A table or a module that is chosen at run time: `table.name`, `"#{kind}_events"`, `^schema`, `table_name`. */
function namesSource(node: Node): boolean {
  if (node.type === "unary" && node.operator === "^") return namesSource(node.operand);
  if (node.type === "variable") return SOURCE.test(node.name);
  return node.type === "field"
    ? node.name === "name" || SOURCE.test(node.name)
    : node.type === "string" && node.value === null;
}

/** What a closure or a `for` is given: where that is queried itself, and no function makes a query of it, it is a query or a schema. */
function isGiven(source: Node): boolean {
  if (source.type === "capture-argument") return true;
  if (source.type !== "variable") return false;
  const { name } = source;
  const binds = (pattern: Node): boolean => boundNames(pattern).has(name);
  for (const outer of ancestors(source)) {
    if (outer.type === "fn" && outer.clauses.some(({ patterns }) => patterns.some(binds))) return true;
    if (outer.type !== "call" || outer.module !== null || outer.name !== "for") continue;
    if (outer.args.some((arg) => arg.type === "binary" && arg.operator === "<-" && binds(arg.left))) return true;
  }
  return false;
}

/** `put_query_prefix(query, prefix)`, along the pipe and through the variable that holds the query. */
function prefixesPut(query: Node): Node[] {
  const at = query.type === "variable" ? latestValue(query) : query;
  if (at?.type !== "call") return [];
  const [inner, prefix] = at.args;
  const own = at.module === "Ecto.Query" && at.name === "put_query_prefix" && prefix ? [prefix] : [];
  return inner && inner.type === "call" ? [...own, ...prefixesPut(inner)] : own;
}
