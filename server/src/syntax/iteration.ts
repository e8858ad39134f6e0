import type { Call, Node } from "./ast.ts";
import { type Closure, isClosure } from "./closure.ts";
import { boundNames } from "./flow.ts";
import { find } from "./visit.ts";

/** Functions of Enum and Stream whose closure is called for something else than the elements of a collection. */
const NOT_PER_ELEMENT = new Set(["resource", "unfold", "repeatedly", "iterate", "interval", "timer", "cycle", "run"]);
const ITERATING_MODULES = new Set(["Enum", "Stream", "Flow"]);
const ITERATING_FUNCTIONS = new Map<string, number>([
  ["Map.new", 0],
  ["MapSet.new", 0],
  ["Keyword.new", 0],
  ["Map.filter", 0],
  ["Map.reject", 0],
  ["Task.async_stream", 0],
  ["Task.Supervisor.async_stream", 1],
  ["Task.Supervisor.async_stream_nolink", 1],
  [":lists.map", 1],
  [":lists.foreach", 1],
  [":lists.foldl", 2],
]);

/** A call that runs its closures once an element. */
export interface Loop {
  readonly kind: string;
  readonly collection: Node;
  readonly closures: readonly Closure[];
  /** How many of the closure's first parameters are elements. */
  readonly elements: number;
}

/** The loop that a call is, or null. */
export function loopOf(call: Call): Loop | null {
  if (call.module === null) return null;
  const kind = `${call.module}.${call.name}`;
  const at = ITERATING_MODULES.has(call.module) && !NOT_PER_ELEMENT.has(call.name) ? 0 : ITERATING_FUNCTIONS.get(kind);
  const collection = at === undefined ? undefined : call.args[at];
  if (!collection) return null;
  const closures = call.args.filter(isClosure).filter((arg) => arg !== collection);
  if (closures.length === 0) return null;
  return { kind, collection, closures, elements: call.name === "sort" || call.name === "zip_with" ? 2 : 1 };
}

const SHORT = 10;
/** What was cut to at most so many is a page or a sample, whatever there is. */
const CUT = 50;

/** Functions of Enum and Stream that give no more elements than they are given. */
const NO_LONGER =
  /^(?:map|filter|reject|with_index|reverse|sort|sort_by|uniq|uniq_by|shuffle|zip|drop|take_while|drop_while|slice)$/;

/**
 * True for a collection whose size the source code decides: a literal, the values of an enumeration or of the configuration, a range of at most
 * ten; and for a range up to a variable, which counts attempts, pages or buckets, not rows. `variables` says what variables hold.
 */
export function fixedSize(node: Node, variables: SizedVariables = NONE): boolean {
  switch (node.type) {
    case "list":
      return !node.items.some((item) => item.type === "binary" && item.operator === "|");
    case "map":
      return node.base === null;
    case "sigil":
      return /^[wW]$/.test(node.name);
    case "variable":
      return variables.fixed.has(node.name);
    case "attribute":
      return node.value !== null && fixedSize(node.value, variables);
    case "binary":
      if (node.operator === "++") return fixedSize(node.left, variables) && fixedSize(node.right, variables);
      if (node.operator === "//") return fixedSize(node.left, variables);
      if (node.operator !== "..") return false;
      return (
        node.left.type !== "number" ||
        node.right.type !== "number" ||
        Number(node.right.text) - Number(node.left.text) < SHORT
      );
    case "field":
      return isSetting(node.object, variables);
    case "call":
      return isShortCall(node, variables);
    default:
      return false;
  }
}

/** The variables that hold a collection whose size the source code decides, and such that hold a value of the configuration. */
export interface SizedVariables {
  readonly fixed: ReadonlySet<string>;
  readonly settings: ReadonlySet<string>;
}

const NONE: SizedVariables = { fixed: new Set(), settings: new Set() };

/** True for a value of the configuration, or a part of one. */
export function isSetting(node: Node, variables: SizedVariables): boolean {
  if (node.type === "variable") return variables.settings.has(node.name);
  if (node.type === "field") return isSetting(node.object, variables);
  return (
    node.type === "call" && node.module === "Application" && /^(?:get_env|fetch_env!|compile_env!?)$/.test(node.name)
  );
}

function isShortCall(call: Call, variables: SizedVariables): boolean {
  if (call.module === "Ecto.Enum" || call.name === "__schema__") return true;
  if (isSetting(call, variables)) return true;
  const made = madeBy(call);
  if (made) return fixedSize(made, variables);
  const [collection, count] = call.args;
  if (!collection || !isOfCollections(call)) return false;
  if (call.name === "take") return isShortNumber(count?.type === "attribute" ? count.value : count, CUT);
  if (call.name === "slice" && count?.type === "binary" && count.operator === "..")
    return isShortNumber(count.right) || fixedSize(collection, variables);
  return givesNoMore(call) && fixedSize(collection, variables);
}

/** True for what gives no more elements than the collection has that it is given first: `Enum.filter(rows, …)`. */
export function givesNoMore(call: Call): boolean {
  return isOfCollections(call) && (NO_LONGER.test(call.name) || call.module === "Map");
}

function isOfCollections({ module }: Call): boolean {
  return module === "Enum" || module === "Stream" || module === "Map";
}

/** What the function gives in `list |> then(fn all -> [hd(all)] end)` or `(fn all -> [hd(all)] end).(list)`. */
function madeBy({ name, target, args }: Call): Node | undefined {
  const closure = target ?? (name === "then" ? args[1] : undefined);
  return closure?.type === "fn" && closure.clauses.length === 1
    ? closure.clauses[0]?.body.statements.at(-1)
    : undefined;
}

function isShortNumber(node: Node | null | undefined, most = SHORT): boolean {
  return node?.type === "number" && Number(node.text) <= most;
}

const NO_NAMES: ReadonlySet<string> = new Set();
const CUTS = /^(?:chunk_every|chunk_by|chunk_while|group_by|split_with)$/;

/**
 * True when the elements are batches: the collection was cut by `chunk_every` or its like, or says that it holds some.
 * `batches` has the variables that hold such a collection.
 */
export function isBatching(node: Node, batches: ReadonlySet<string> = NO_NAMES): boolean {
  const cut = find(node, (n) => {
    if (n.type === "variable") return batches.has(n.name) || /(?:^|_)(?:chunks|batches)$/.test(n.name);
    // A query that is grouped gives rows, one after the other.
    return n.type === "call" && n.module !== "Ecto.Query" && CUTS.test(n.name);
  });
  return cut !== null;
}

/** A place that runs once an element, seen from inside. */
export interface Iteration {
  /** The call of `Enum.map` or `for`. */
  readonly node: Call;
  /** As a person would name it. */
  readonly kind: string;
  readonly collection: Node;
  /** The variables that hold an element or a part of it; `&1` for a capture. */
  readonly elements: ReadonlySet<string>;
  /** What is evaluated for each element: a closure, or the `do` section of a `for`. */
  readonly body: Node;
  /** The elements are batches, or the collection is short and of known size. */
  readonly batched: boolean;
}

/** The innermost iteration that evaluates the node once an element; null outside of any, and in closures run elsewhere. */
export function iterationAround(node: Node): Iteration | null {
  let inner: Node = node;
  for (let outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.type !== "call") continue;
    if (outer.module === null && outer.name === "for") {
      if (inner.type === "section") return comprehension(outer, inner);
      continue;
    }
    if (inner.type !== "fn" && inner.type !== "capture") continue;
    const loop = loopOf(outer);
    if (!loop) return null;
    if (!loop.closures.includes(inner)) continue;
    const elements = new Set<string>(["&1"]);
    if (inner.type === "fn") {
      for (const clause of inner.clauses)
        for (const p of clause.patterns.slice(0, loop.elements)) boundNames(p, elements);
    }
    const { kind, collection } = loop;
    return {
      node: outer,
      kind,
      collection,
      elements,
      body: inner,
      batched: isBatching(collection) || fixedSize(collection),
    };
  }
  return null;
}

function comprehension(node: Call, body: Node): Iteration | null {
  const generators = node.args.filter((arg) => arg.type === "binary" && arg.operator === "<-");
  const last = generators.at(-1);
  if (last?.type !== "binary") return null;
  const elements = new Set<string>();
  for (const generator of generators) if (generator.type === "binary") boundNames(generator.left, elements);
  const batched = isBatching(last.right) || fixedSize(last.right);
  return { node, kind: "for", collection: last.right, elements, body, batched };
}
