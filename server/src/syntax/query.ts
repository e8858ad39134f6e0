import type { Call, Node } from "./ast.ts";
import { functionAround } from "./binding.ts";
import { isBranching, tails } from "./flow.ts";
import { ancestors, visit } from "./visit.ts";

/** One clause of a query: `where: x.a` of a `from`, or `where(query, [x], x.a)`. */
export interface QueryPart {
  /** The keyword or macro: `where`, `join`, `on`, `preload`… */
  readonly name: string;
  readonly value: Node;
  /** The variables that stand for the first source in it. */
  readonly root: string | null;
  readonly call: Call;
}

/** A query read along its pipe, and through the variables that hold it. */
export interface QuerySyntax {
  /** What it begins with: a schema, a table, a parameter, or a call of some other function. */
  readonly source: Node | null;
  readonly parts: readonly QueryPart[];
  /** Calls of other functions that the query is handed through, the outermost first. */
  readonly through: readonly Call[];
}

/** Macros that give a part of a query, or use one for something else. */
const NO_CHAIN = /^(?:dynamic|subquery|exclude|has_named_binding\?|put_query_prefix|with_cte|recursive_ctes)$/;
/** Of these, those that give the query back with the same source. */
const LEAVES_SOURCE = /^(?:exclude|put_query_prefix|with_cte|recursive_ctes)$/;
const MAX_STEPS = 60;

/** True for `from` and the macros that take a query and give one. */
export function isQueryMacro(node: Node | null | undefined): node is Call & { readonly module: "Ecto.Query" } {
  return node?.type === "call" && node.module === "Ecto.Query" && !NO_CHAIN.test(node.name);
}

/** Reads the query that an expression gives; of a choice between several, all that any of them may say. */
export function readQuery(node: Node): QuerySyntax {
  const parts: QueryPart[] = [];
  const through: Call[] = [];
  const sources: (Node | null)[] = [];
  let steps = 0;
  const read = (at: Node | undefined): void => {
    if (++steps > MAX_STEPS || !at) {
      sources.push(null);
      return;
    }
    if (isQueryMacro(at)) {
      parts.push(...partsOf(at));
      read(inputOf(at));
    } else if (at.type === "call" && at.module === "Ecto.Query") {
      if (LEAVES_SOURCE.test(at.name)) read(at.args[0]);
      else sources.push(at);
    } else if (at.type === "variable") {
      const value = latestValue(at);
      if (value) read(value);
      else sources.push(at);
    } else if (isBranching(at)) {
      const ways = tails(at);
      for (const way of ways) read(way);
    } else if (at.type === "block" && at.statements.length === 1) read(at.statements[0]);
    else if (at.type === "call" && at.args[0] && isQueryLike(at)) {
      through.push(at);
      read(at.args[0]);
    } else sources.push(at.type === "tuple" ? (at.items[0] ?? null) : at);
  };
  read(node);
  const [source = null] = sources;
  return { source: sources.every((other) => isSame(source, other)) ? source : null, parts, through };
}

/** What the query is made of: what `from` reads of, or the first argument. */
export function inputOf(macro: Call): Node | undefined {
  const [first] = macro.args;
  return macro.name === "from" && first?.type === "binary" && first.operator === "in" ? first.right : first;
}

/** The parts that one `from` or macro adds. */
export function partsOf(call: Call): readonly QueryPart[] {
  if (call.name !== "from") return macroParts(call);
  const [first, options] = call.args;
  const root = first?.type === "binary" && first.left.type === "variable" ? first.left.name : null;
  if (options?.type !== "list") return [];
  return options.items.flatMap((item): QueryPart[] =>
    item.type === "pair" && item.key.type === "atom" ? [{ name: item.key.value, value: item.value, root, call }] : [],
  );
}

function macroParts(call: Call): QueryPart[] {
  const [, second, third] = call.args;
  const binding = third ? second : undefined;
  const names = binding?.type === "list" ? binding.items[0] : undefined;
  const root = names?.type === "variable" ? names.name : null;
  if (/join$/.test(call.name)) return call.args.slice(1).map((value) => ({ name: "join", value, root, call }));
  const value = third ?? second;
  return [{ name: call.name, value: value ?? call, root, call }];
}

/** True for calls that may hand a query on: not those that run it, or of another library. */
export function isQueryLike({ module, name, target, sections }: Call): boolean {
  const other = /^(?:Enum|Stream|Map|Keyword|List)$|Repo$/;
  return name !== "" && sections.length === 0 && !target && !other.test(module ?? "");
}

/** What the variable holds where it is read, when a statement before says so; null for parameters and what branches bind. */
export function latestValue(read: Extract<Node, { type: "variable" }>): Node | null {
  const around = new Set<Node>(ancestors(read));
  let latest: Node | null = null;
  visit(functionAround(read), (node) => {
    if (node.type !== "binary" || node.operator !== "=" || node.left.type !== "variable") return;
    if (node.left.name !== read.name || node.end > read.start || around.has(node)) return;
    if (node.parent && around.has(node.parent)) latest = node.right;
  });
  return latest;
}

function isSame(a: Node | null, b: Node | null): boolean {
  if (a?.type === "alias" && b?.type === "alias") return a.module === b.module;
  if (a?.type === "variable" && b?.type === "variable") return a.name === b.name;
  return a === b;
}

/** The names that a `preload` is given at its top level; null where they are computed. */
export function preloadNames(node: Node | undefined): readonly string[] | null {
  if (node?.type === "attribute") return node.value ? preloadNames(node.value) : null;
  if (node?.type === "atom") return [node.value];
  if (node?.type !== "list") return null;
  const out: string[] = [];
  for (const item of node.items) {
    const name = item.type === "pair" ? item.key : item;
    if (name.type !== "atom") return null;
    out.push(name.value);
  }
  return out;
}
