import type { Range } from "../base/range.ts";
import type { Call, Def, Node } from "../syntax/ast.ts";
import { boundValues, singleUseValue } from "../syntax/binding.ts";
import { isBranching, tails } from "../syntax/flow.ts";
import type { CallFact, RowsFact } from "./facts.ts";
import { union } from "./results.ts";

const NONE: readonly number[] = [];

/**
 * What speaks of how many rows there may be: a limit, a page, a search term, values that are told apart, and being worked on, which
 * few are at a time. What somebody put in an order by hand is short as well, and so is what there is one of a month.
 */
const BOUNDS =
  /(?:\b|_)(?:limit|page\w*|paginat\w*|cursor|search\w*|preview|autocomplete|suggest\w*|recent\w*|latest|executing|in_progress|in_flight)\b|\b(?:first|last|top|per_page|slice|chunk\w*|batch\w*|take|distinct|group_by|select|Flop|Scrivener|Quarto)\b|\border_by\b(?:(?![^\n]*\bdesc)[^\n]*[.:](?:\w+_)?(?:priority|position|display_order|sort_order)|[^\n]*[.:]month)\b/;
/** What speaks of a query at all. */
const QUERIES = /\b(?:from|where|Query|query|limit)\b/;
const FILTERS = /\b(?:\w+_)?where\b|\bon:|\bassoc\(|\bQuery\b|_(?:by|for|of)_|\bfilter\w*\(/;
const NEWEST_FIRST =
  /\bdesc(?:_nulls_\w+)?:\s*(?:\w+\.|:)?\w*(?:_at|_on|date|timestamp)\b|\bsort_by\([^\n]*\.\w*(?:_at|_on|date|timestamp)\b[^\n]*:desc\b/;

/** Functions that give a list with all elements of another, or with those that fit. */
const KEEPING =
  /^(?:map|filter|reject|sort|sort_by|reverse|uniq|uniq_by|with_index|dedup|dedup_by|to_list|concat|shuffle|into)$/;

/** Whose rows a function gives; null where that is not known and nothing in it is bounded. */
export function rowsOf(def: Def, text: string, calls: readonly CallFact[], ranges: readonly Range[]): RowsFact | null {
  if (!def.body || def.sections.length > 0) return null;
  const ways = tails(def.body);
  let found = NONE;
  let asTheyAre = ways.length > 0;
  for (const way of ways) {
    const rows = calls.length > 0 ? rowsIn(way, calls, ranges) : NONE;
    asTheyAre &&= isEmptyList(way) || (rows.length > 0 && isAsItIs(way));
    found = union(found, rows);
  }
  const parameter = parameterOf(def);
  if (found.length === 0 && !asTheyAre && parameter < 0 && !QUERIES.test(text)) return null;
  const bounded = BOUNDS.test(text);
  const filtered = FILTERS.test(text);
  const newestFirst = NEWEST_FIRST.test(text);
  return found.length > 0 || asTheyAre || parameter >= 0 || bounded || filtered || newestFirst
    ? { calls: found, asTheyAre, parameter, bounded, filtered, newestFirst }
    : null;
}

function isEmptyList(node: Node): boolean {
  return node.type === "list" && node.items.length === 0;
}

/** True for the value of a call, which variables may hold and `preload` may add to. */
function isAsItIs(node: Node, depth = 4): boolean {
  if (node.type === "variable") {
    const value = depth > 0 ? singleUseValue(node) : null;
    return value !== null && isAsItIs(value, depth - 1);
  }
  if (node.type !== "call" || isFor(node)) return false;
  if (isBranching(node)) return tails(node).every((way) => isEmptyList(way) || isAsItIs(way, depth - 1));
  const inner = keptFrom(node);
  return inner === null || (node.name === "preload" && isAsItIs(inner, depth - 1));
}

/** The index of the parameter whose elements a function of one expression gives, each as it is or changed; -1 for none. */
function parameterOf({ body, params }: Def): number {
  const [only, other] = body?.statements ?? [];
  let node: Node | null = only?.type === "call" && !other ? only : null;
  while (node?.type === "call") node = isFor(node) ? generatorOf(node) : keptFrom(node);
  if (node?.type !== "variable") return -1;
  const { name } = node;
  return params.findIndex((param) => param.type === "variable" && param.name === name);
}

/** The calls whose rows the value of the expression holds, by their index. */
export function rowsIn(node: Node, calls: readonly CallFact[], ranges: readonly Range[], depth = 4): readonly number[] {
  if (depth === 0) return NONE;
  if (node.type === "variable") {
    const [value, other] = boundValues(node, node.name);
    return value && !other ? rowsIn(value, calls, ranges, depth - 1) : NONE;
  }
  if (node.type !== "call") return NONE;
  if (isBranching(node))
    return tails(node).reduce((all, tail) => union(all, rowsIn(tail, calls, ranges, depth - 1)), NONE);
  const inner = isFor(node) ? generatorOf(node) : keptFrom(node);
  if (inner) return rowsIn(inner, calls, ranges, depth - 1);
  const index = indexOf(node, calls, ranges);
  return index < 0 ? NONE : [index];
}

/** True where the value of the expression lacks rows that were loaded: `rows |> Enum.reject(&closed?/1) |> Enum.sort()`. */
export function leavesOut(node: Node, depth = 8): boolean {
  if (depth === 0) return false;
  if (node.type === "variable") {
    const [value, other] = boundValues(node, node.name);
    return value !== undefined && !other && leavesOut(value, depth - 1);
  }
  const inner = node.type === "call" ? keptFrom(node) : null;
  if (node.type !== "call" || !inner) return false;
  return /^(?:filter|reject)$/.test(node.name) || leavesOut(inner, depth - 1);
}

/** The list whose elements the call gives. */
function keptFrom(node: Call): Node | null {
  const [first, second] = node.args;
  if (!first) return null;
  if (/^(?:Enum|Stream|List)$/.test(node.module ?? ""))
    return KEEPING.test(node.name) && !isKeyed(second) ? first : null;
  // Of one row, `preload` gives one.
  return node.name === "preload" && /Repo$/.test(node.module ?? "") ? first : null;
}

/** `Enum.into(rows, %{})` */
function isKeyed(into: Node | undefined): boolean {
  return into?.type === "map";
}

function isFor(node: Call): boolean {
  return node.module === null && node.name === "for" && !node.target;
}

/** What the only generator of a `for` without options goes through. */
function generatorOf(node: Call): Node | null {
  const [generator] = node.args;
  const options = node.args.at(-1);
  if (options?.type === "list" && options.bare) return null;
  return generator?.type === "binary" && generator.operator === "<-" ? generator.right : null;
}

/** The index of the call among those that were read off its function; -1 where it was not kept. */
export function indexOf(node: Call, calls: readonly CallFact[], ranges: readonly Range[]): number {
  return calls.findLastIndex(({ at, name, captured }) => {
    const range = ranges[at];
    return !captured && name === node.name && range?.start === node.ownStart && range.end === node.end;
  });
}
