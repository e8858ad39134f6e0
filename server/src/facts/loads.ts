import type { Call, Def, Node } from "../syntax/ast.ts";
import { keywordValue, tails } from "../syntax/flow.ts";
import { isQueryMacro, preloadNames, readQuery } from "../syntax/query.ts";
import { find } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { CallFact, LoadFact, QueryShape } from "./facts.ts";
import { RowUses } from "./row-uses.ts";

const NONE: readonly LoadFact[] = [];
const READ_ONE = /^(?:get|get_by|one)!?$/;
const READ_MANY = /^(?:all|all_by|stream)$/;
/** Names by which the functions of a context say that they load rows. */
const LOADS_ONE = /^(?:get|fetch|find|load)_\w+[!]?$/;
const LOADS_MANY = /^(?:list|all|get_all|fetch_all|find_all|load_all)(?:_\w+)?$/;
const LIBRARIES = /^(?:Enum|Stream|Map|Keyword|List|String|Application|System|Plug|Phoenix|Ecto|Logger|Process)\b|^:/;

/** True for a call that may load rows: by its name only, since a file does not know which modules are repositories. */
export function mayLoad({ name, module }: Pick<CallFact, "name" | "module">): boolean {
  if (module === null) return LOADS_ONE.test(name) || LOADS_MANY.test(name);
  return READ_ONE.test(name) || READ_MANY.test(name) || LOADS_ONE.test(name) || LOADS_MANY.test(name);
}

/** The rows that a function loads, and what becomes of them in it. */
export function loadsOf(
  def: Def,
  written: readonly Call[],
  calls: readonly CallFact[],
  anchors: Anchors,
): readonly LoadFact[] {
  if (!def.body || !calls.some(mayLoad)) return NONE;
  const out: LoadFact[] = [];
  const single = tails(def.body).length === 1 && def.sections.length === 0;
  let handles: boolean | null = null;
  for (const node of written) {
    const kind = kindOf(node);
    if (!kind) continue;
    const uses = new RowUses();
    uses.follow(node, { many: kind.many, preloads: [] });
    // Who asks whether something is loaded knows.
    if (uses.reads.length > 0) handles ??= find(def, asksLoaded) !== null;
    const goes = [...uses.goes];
    const value = single ? uses.value : null;
    const read = handles ? [] : uses.reads;
    if (!kind.direct && read.length === 0 && !value && !goes.some(isShown)) continue;
    out.push({
      at: anchors.add({ start: node.ownStart, end: node.end }),
      module: kind.module,
      name: node.name,
      arity: node.args.length,
      query: kind.direct ? shapeOfQuery(kind.query, node) : null,
      many: kind.many,
      enumerated: uses.enumerated,
      asserted: isAsserted(node),
      reads: read.map(({ field, at, preloads }) => ({ field, at: anchors.add(at), preloads })),
      goes,
      value,
    });
  }
  return out.length > 0 ? out : NONE;
}

/** Where rows are kept or shown as a whole. */
function isShown(name: string): boolean {
  return /^(?:assign|stream|render|json|assign_new)$/.test(name);
}

interface Kind {
  readonly direct: boolean;
  readonly module: string | null;
  readonly many: boolean;
  readonly query: Node | undefined;
}

function kindOf(call: Call): Kind | null {
  const { name, args } = call;
  const module = call.module ?? (call.target?.type === "variable" && call.target.name === "repo" ? "Repo" : null);
  if (call.target && module === null) return null;
  if (module !== null && /Repo$/.test(module) && (READ_ONE.test(name) || READ_MANY.test(name)))
    return { direct: true, module, many: READ_MANY.test(name), query: args[0] };
  if (module !== null && LIBRARIES.test(module)) return null;
  const many = LOADS_MANY.test(name);
  return many || LOADS_ONE.test(name) ? { direct: false, module, many, query: undefined } : null;
}

/** `%Order{code: code} = Repo.get_by(…)`: raises where there is none. */
function isAsserted(call: Call): boolean {
  const { parent } = call;
  return parent?.type === "binary" && parent.operator === "=" && parent.right === call && parent.left.type === "map";
}

function asksLoaded(node: Node): boolean {
  if (node.type === "alias") return node.module === "Ecto.Association.NotLoaded";
  return node.type === "call" && node.name === "assoc_loaded?";
}

/** What the query says; options of the repository's functions that wrappers understand may say more. */
function shapeOfQuery(query: Node | undefined, call: Call): QueryShape {
  const shape = query ? queryShape(query) : null;
  const options = call.args.at(-1);
  const preload = options === query ? null : keywordValue(options, "preload");
  const given: QueryShape = shape ?? { from: null, says: [], preloads: null, through: [] };
  return preload ? { ...given, preloads: null } : given;
}

/** A query without places: what it begins with, which clauses it has, what it preloads. */
export function queryShape(node: Node): QueryShape {
  const { source, parts, through } = readQuery(node);
  let preloads: readonly string[] | null = [];
  for (const { name, value } of parts) {
    const names = name === "preload" ? preloadNames(value) : [];
    preloads = preloads && names && [...preloads, ...names];
  }
  return {
    from: sourceOf(source),
    says: [...new Set(parts.map(({ name }) => name))],
    preloads,
    through: through.map(({ module, name, args }) => ({ module, name, arity: args.length })),
  };
}

function sourceOf(node: Node | null): QueryShape["from"] {
  if (node?.type === "alias") return { kind: "schema", name: node.module };
  if (node?.type === "string" && node.value !== null) return { kind: "table", name: node.value };
  if (node?.type === "variable") return { kind: "variable", name: node.name };
  if (node?.type === "call" && node.name !== "" && !node.target && node.sections.length === 0)
    return { kind: "function", module: node.module, name: node.name, arity: node.args.length };
  return null;
}

/** The query that a function gives, where its every way out is one. */
export function givenQuery(def: Def): QueryShape | null {
  if (!def.body || def.sections.length > 0) return null;
  if (isIdentity(def)) return queryShape(def.body);
  const ways = tails(def.body);
  if (!ways.some(isQueryMacro)) return null;
  return ways.every((way) => isQueryMacro(way) || way.type === "variable") ? queryShape(def.body) : null;
}

/** True for a clause that gives its first argument as it is, as one does where there is nothing to add: `def of_shop(query, nil), do: query`. */
function isIdentity({ body, params }: Def): boolean {
  const [only, other] = body?.statements ?? [];
  const [first] = params;
  return only?.type === "variable" && !other && first?.type === "variable" && first.name === only.name;
}
