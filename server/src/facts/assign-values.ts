import type { Call, Node, Pair, Variable } from "../syntax/ast.ts";
import { boundValues, functionAround } from "../syntax/binding.ts";
import { tails } from "../syntax/flow.ts";
import { isVariable } from "../syntax/literals.ts";
import { ancestors, find } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { AssignSet, AssignValue, CallFact } from "./facts.ts";
import { leavesOut, rowsIn } from "./rows.ts";

const NO_ROWS: readonly number[] = [];
const OTHER: AssignValue = { kind: "other", changes: null, rows: NO_ROWS, filtered: false, from: null };
const EMPTY: AssignValue = { kind: "empty", changes: null, rows: NO_ROWS, filtered: false, from: null };
const LITERAL: AssignValue = { kind: "literal", changes: null, rows: NO_ROWS, filtered: false, from: null };

/** Reads what assigns are set to. */
export class AssignValues {
  constructor(
    private readonly calls: readonly CallFact[],
    private readonly anchors: Anchors,
  ) {}

  /** @param at the key, among whose siblings the value may be computed from other keys */
  of(value: Node | undefined, key: string, by: AssignSet["by"], at: Node): AssignValue {
    if (!value) return OTHER;
    if (by === "update") {
      const result = resultOf(value);
      return (result && this.changed(result, (node) => isArgument(node, value))) ?? OTHER;
    }
    const given = by === "assign_new" || by === "async" ? resultOf(value) : value;
    const held = by === "async" ? asyncValue(given, key) : given;
    const node = held && standsFor(held);
    if (!held || !node) return OTHER;
    if (isEmpty(node)) return EMPTY;
    if (/^(?:atom|number|string|alias)$/.test(node.type)) return LITERAL;
    const changed = by === "assign" ? this.changed(node, (n) => isAssign(standsFor(n) ?? n, key)) : null;
    if (changed) return changed;
    const rows = by === "stream" || by === "temporary" ? NO_ROWS : rowsIn(held, this.calls, this.anchors.ranges);
    const from = by === "assign" ? derivedFrom(held, key, at) : null;
    const kind = kindOf(node);
    return rows.length === 0 && from === null && kind === "other"
      ? OTHER
      : { kind, changes: null, rows, filtered: rows.length > 0 && leavesOut(held), from };
  }

  /** What adds to a list that was there or replaces its elements, on some way through an `if` or `case`, where all others leave it. */
  private changed(node: Node, isBefore: IsBefore): AssignValue | null {
    const ways = tails(node);
    const adding = ways.filter((way) => isAdding(way, isBefore));
    const changing = [...adding, ...ways.filter((way) => isReplacing(way, isBefore))];
    const [first] = changing;
    if (!first || ways.some((way) => !changing.includes(way) && !isBefore(way))) return null;
    const at = first.type === "call" ? { start: first.calleeStart, end: first.calleeEnd } : first;
    const kind = adding.length === changing.length ? "added" : "changed";
    return { kind, changes: this.anchors.add(at), rows: NO_ROWS, filtered: false, from: null };
  }
}

/** What a variable that is bound once stands for; anything else is itself. */
function standsFor(node: Node): Node | null {
  if (node.type !== "variable") return node;
  const [value, other] = boundValues(node, node.name);
  return value && !other ? value : node;
}

/** What a closure evaluates to, where that is one expression. */
function resultOf(closure: Node): Node | null {
  if (closure.type === "capture") return closure.body;
  const [clause, other] = closure.type === "fn" ? closure.clauses : [];
  if (!clause || other) return null;
  const [tail, another] = tails(clause.body);
  return tail && !another ? tail : null;
}

/** `rows` of `{:ok, %{key: rows}}` */
function asyncValue(result: Node | null, key: string): Node | null {
  const map = result?.type === "tuple" && result.items.length === 2 ? result.items[1] : null;
  if (map?.type !== "map") return null;
  const pair = map.items.find(
    (item): item is Pair => item.type === "pair" && item.key.type === "atom" && item.key.value === key,
  );
  return pair?.value ?? null;
}

function isEmpty(node: Node): boolean {
  if (node.type === "atom") return /^(?:nil|true|false)$/.test(node.value);
  if (node.type === "list" || node.type === "map") return node.items.length === 0;
  return node.type === "string" && node.value === "";
}

function kindOf(node: Node): AssignValue["kind"] {
  if (node.type !== "call") return "other";
  if (node.name === "to_form") return "form";
  if (node.module === "Ecto.Changeset" || /^change_|changeset/.test(node.name)) return "changeset";
  return /^(?:length|count|map_size)$|^count_|_count$/.test(node.name) ? "count" : "other";
}

type IsBefore = (node: Node) => boolean;

/** `[x | before]`, `before ++ more`, `Enum.concat(more, before)`, and a reduction by these: nothing is taken away. */
function isAdding(node: Node, isBefore: IsBefore): boolean {
  if (node.type === "list") {
    const last = node.items.at(-1);
    const tail = last?.type === "binary" && last.operator === "|" ? last.right : null;
    return tail !== null && isBefore(tail);
  }
  if (node.type === "binary") return node.operator === "++" && (isBefore(node.left) || isBefore(node.right));
  if (node.type !== "call" || node.module !== "Enum") return false;
  if (node.name === "concat") return node.args.length === 2 && node.args.some(isBefore);
  return isReduction(node, isBefore, isAdding);
}

/** Functions of `List` that replace an element of the list that they are given, or add it where it is not there. */
const REPLACING = /^(?:keystore|keyreplace|replace_at|update_at)$/;

/** `List.keystore(before, id, 0, row)`, and a reduction by that, or by what adds. */
function isReplacing(node: Node, isBefore: IsBefore): boolean {
  if (node.type !== "call" || isAdding(node, isBefore)) return false;
  const [first] = node.args;
  if (node.module === "List") return REPLACING.test(node.name) && first !== undefined && isBefore(first);
  return isReduction(node, isBefore, (way, isHere) => isAdding(way, isHere) || isReplacing(way, isHere));
}

/** `Enum.reduce(rows, before, fn row, all -> … end)`, where each way out is of that kind or leaves the list. */
function isReduction({ module, name, args }: Call, isBefore: IsBefore, isStep: typeof isAdding): boolean {
  const [, start, closure] = args;
  if (module !== "Enum" || name !== "reduce" || closure?.type !== "fn" || !start || !isBefore(start)) return false;
  const [clause, other] = closure.clauses;
  const all = clause?.patterns[1];
  if (!clause || other || all?.type !== "variable") return false;
  const isHere: IsBefore = (node) => isVariable(node, all.name);
  const ways = tails(clause.body).filter((way) => !isHere(way));
  return ways.length > 0 && ways.every((way) => isStep(way, isHere));
}

/** `&1`, or the first parameter of the closure. */
function isArgument(node: Node, closure: Node): boolean {
  if (node.type === "capture-argument") return node.index === 1;
  const parameter = closure.type === "fn" ? closure.clauses[0]?.patterns[0] : undefined;
  return node.type === "variable" && parameter?.type === "variable" && parameter.name === node.name;
}

/** `socket.assigns.key`, or the variable that `%{key: rows} = socket.assigns` binds to it. */
function isAssign(node: Node, key: string): boolean {
  return keyOf(node) === key || (node.type === "variable" && isTakenFrom(node, key));
}

/** True where a pattern binds the variable to that key of the assigns, and nothing in the function binds it again. */
function isTakenFrom(read: Variable, key: string): boolean {
  const first = find(functionAround(read), (n) => isVariable(n, read.name));
  const pair = first?.parent;
  if (pair?.type !== "pair" || pair.value !== first || pair.key.type !== "atom" || pair.key.value !== key) return false;
  const map = pair.parent;
  const match = map?.parent;
  const isAssigns =
    (match?.type === "binary" && match.operator === "=" && match.left === map && isWhole(match.right)) ||
    (match?.type === "pair" && match.key.type === "atom" && match.key.value === "assigns" && isParameter(match));
  return isAssigns && boundValues(read, read.name).length === 0;
}

/** Inside a parameter of the function. */
function isParameter(node: Node): boolean {
  const def = functionAround(node);
  return def.type === "def" && def.params.some((param) => param === node || [...ancestors(node)].includes(param));
}

function isWhole(node: Node): boolean {
  return node.type === "field" ? node.name === "assigns" : isVariable(node, "assigns");
}

function keyOf(node: Node): string | null {
  if (node.type !== "field") return null;
  return isWhole(node.object) ? node.name : null;
}

/** Modules all of whose functions compute their value from their arguments alone, quickly. */
const PURE = /^(?:Enum|List|Map|MapSet|String|Integer|Float|Keyword|Tuple)$/;
/** Those of them that are slow on large lists, or whose value is another at each call. */
const NOT_CHEAP = /^(?:sort\w*|shuffle|random|take_random|group_by|frequencies\w*|chunk\w*|each)$/;
const PURE_KERNEL =
  /^(?:length|map_size|hd|tl|is_\w+|abs|div|rem|round|trunc|max|min|to_string|not|if|unless|elem|tuple_size|byte_size)$/;

/**
 * The keys that a value is computed from by pure functions alone: `length(parcels)` where the same `assign` sets
 * `parcels: parcels`, or `length(socket.assigns.parcels)`. Null for what is computed in another way, or not at all.
 */
function derivedFrom(value: Node, key: string, at: Node): readonly string[] | null {
  const node = standsFor(value);
  if (!node || (node.type !== "call" && node.type !== "binary" && node.type !== "unary")) return null;
  const siblings = setBeside(at);
  const keys = new Set<string>();
  const local = new Set<string>();
  const isPure = (n: Node): boolean => {
    const assign = keyOf(n);
    if (assign !== null) {
      keys.add(assign);
      return true;
    }
    switch (n.type) {
      case "variable": {
        if (local.has(n.name)) return true;
        const source = siblings.get(n.name);
        if (source) keys.add(source);
        return source !== undefined;
      }
      case "atom":
      case "number":
      case "capture-argument":
        return true;
      case "string":
        return n.value !== null;
      case "field":
        return isPure(n.object);
      case "binary":
        return (
          /^(?:[-+*/<>]|<>|[<>=!]=|===|!==|and|or|&&|\|\||in)$/.test(n.operator) && isPure(n.left) && isPure(n.right)
        );
      case "unary":
        return isPure(n.operand);
      case "list":
      case "tuple":
        return n.items.every(isPure);
      case "capture":
        return isPure(n.body);
      case "function-reference":
        return PURE.test(n.module ?? "");
      case "fn":
        return n.clauses.every(({ patterns, guard, body }) => {
          for (const pattern of patterns) find(pattern, (p) => p.type === "variable" && local.add(p.name) && false);
          return guard === null && body.statements.length === 1 && body.statements.every(isPure);
        });
      case "call":
        return (
          isPureCall(n) && n.args.every(isPure) && n.sections.every((s) => s.body?.statements.every(isPure) ?? false)
        );
      default:
        return false;
    }
  };
  if (!isPure(node) || keys.size === 0 || keys.has(key)) return null;
  return [...keys].sort();
}

function isPureCall({ module, name, target }: Call): boolean {
  if (target && module === null) return false;
  return module === null ? PURE_KERNEL.test(name) : PURE.test(module) && !NOT_CHEAP.test(name);
}

/** Variables that the same `assign`, or one in the same pipe, sets other keys to, with the keys. */
function setBeside(at: Node): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const add = (key: Node | undefined, value: Node | undefined): void => {
    if (key?.type === "atom" && value?.type === "variable" && key !== at) out.set(value.name, key.value);
  };
  let call: Node | null = at.parent;
  while (call && call.type !== "call") call = call.parent;
  const chain: Call[] = [];
  for (let top: Node | null | undefined = call; top?.type === "call"; top = top.args[0]) chain.push(top);
  for (let inner: Node | null = call, outer = call?.parent; outer?.type === "call" && outer.args[0] === inner; ) {
    chain.push(outer);
    inner = outer;
    outer = outer.parent;
  }
  for (const { name, args } of chain) {
    if (name !== "assign") continue;
    const [, keys, value] = args;
    if (args.length === 3) add(keys, value);
    else if (keys?.type === "list" || keys?.type === "map")
      for (const item of keys.items) if (item.type === "pair") add(item.key, item.value);
  }
  return out;
}
