import type { Call, Def, Node, Pair } from "../syntax/ast.ts";
import { boundNames, tails } from "../syntax/flow.ts";
import { ancestors, visit } from "../syntax/visit.ts";

/** `Map.put(map, key, value)`: the map, with one entry more. */
export function isPut({ module, name, args }: Call): boolean {
  return module === "Map" && /^(?:put|put_new)$/.test(name) && args.length === 3 && args[1]?.type !== "atom";
}

/** A change of a field by a closure: `Map.update!(state, :waiting, fn …)`, `update_in(state.waiting, fn …)`, `update(socket, :waiting, fn …)`. */
export function changedField(node: Node): { readonly field: string; readonly closure: Node } | null {
  if (node.type !== "call" || !/^(?:update!?|update_in)$/.test(node.name)) return null;
  const [target, key] = node.args;
  const closure = node.args.at(-1);
  if (!closure || closure.type === "atom") return null;
  if (node.name === "update_in")
    return target?.type === "field" && node.args.length === 2 ? { field: target.name, closure } : null;
  return key?.type === "atom" ? { field: key.value, closure } : null;
}

/** The fields of a state that are set by giving them a value: `Map.put(state, :waiting, value)`, `assign(socket, :waiting, value)`, `put_in(state.waiting, value)`. */
export function setField(node: Node): { readonly field: string; readonly value: Node } | null {
  if (node.type !== "call") return null;
  const { module, name, args } = node;
  const [target, key] = args;
  const value = args.at(-1);
  if (!value) return null;
  if (name === "put_in" && args.length === 2 && target?.type === "field") return { field: target.name, value };
  const sets = module === "Map" ? /^(?:put|put_new|replace!?)$/.test(name) : name === "assign";
  return sets && args.length === 3 && key?.type === "atom" ? { field: key.value, value } : null;
}

/** What the expressions of a function hold of the fields of a state, and which of its nodes are patterns. */
export class EntryFields {
  /** Variables that hold what a field holds. */
  private readonly holding = new Map<string, string>();
  private readonly patterns = new Set<Node>();
  /** Fields whose variable is given something else as well. */
  readonly mixed = new Set<string>();

  constructor(readonly def: Def) {
    const bound: { readonly pattern: Node; readonly value: Node | null }[] = [];
    visit(def, (node) => {
      if (node.type === "def") for (const pattern of node.params) bound.push({ pattern, value: null });
      else if (node.type === "clause") for (const pattern of node.patterns) bound.push({ pattern, value: null });
      else if (node.type === "binary" && (node.operator === "=" || node.operator === "<-"))
        bound.push({ pattern: node.left, value: node.right });
      const change = changedField(node);
      if (change?.closure.type === "fn")
        for (const { patterns } of change.closure.clauses) this.hold(patterns[0], change.field);
    });
    for (const { pattern } of bound) visit(pattern, (node) => void this.patterns.add(node));
    for (const { pattern, value } of bound) {
      for (const { key, value: inner } of this.fieldPatterns(pattern)) this.hold(inner, key);
      if (value) this.hold(pattern, this.of(value));
    }
    for (const { pattern, value } of bound) this.noteMixed(pattern, value);
  }

  /** True for what stands in a pattern. */
  isPattern(node: Node): boolean {
    return this.patterns.has(node);
  }

  /** The field whose value the node is, changed by `Map.put/3` at most; null for anything else. */
  of(node: Node): string | null {
    switch (node.type) {
      case "variable":
        return this.holding.get(node.name) ?? null;
      case "field":
        return node.name;
      case "access":
        return node.key.type === "atom" ? node.key.value : null;
      case "capture-argument":
        return fieldOfCapture(node);
      case "call": {
        const [map, key] = node.args;
        if (isPut(node)) return map ? this.of(map) : null;
        return node.module === "Map" && /^(?:get|fetch!)$/.test(node.name) && key?.type === "atom" ? key.value : null;
      }
      default:
        return null;
    }
  }

  /** The fields that a pattern of a map looks into, with the pattern of each. */
  fieldPatterns(pattern: Node): { readonly key: string; readonly value: Node }[] {
    const found: { key: string; value: Node }[] = [];
    visit(pattern, (node) => {
      if (node.type === "pair" && isFieldPair(node)) found.push({ key: node.key.value, value: node.value });
    });
    return found;
  }

  private hold(pattern: Node | undefined, field: string | null): void {
    if (field !== null && pattern?.type === "variable" && !pattern.name.startsWith("_"))
      this.holding.set(pattern.name, field);
  }

  /** A variable that is bound to another value too: what it holds later is not known. */
  private noteMixed(pattern: Node, value: Node | null): void {
    const own = new Set(this.fieldPatterns(pattern).map((one) => one.value));
    for (const name of boundNames(pattern)) {
      const field = this.holding.get(name);
      if (field === undefined || (value && this.of(value) === field)) continue;
      const isOfField = [...own].some((one) => one.type === "variable" && one.name === name);
      if (!isOfField && !isParameterOfChange(pattern, field)) this.mixed.add(field);
    }
  }
}

type FieldPair = Pair & { readonly key: Extract<Node, { type: "atom" }> };

function isFieldPair(pair: Pair): pair is FieldPair {
  return pair.key.type === "atom" && pair.parent?.type === "map";
}

/** `fn waiting -> …` in a change of that field. */
function isParameterOfChange(pattern: Node, field: string): boolean {
  const closure = pattern.parent?.parent;
  const change = closure?.parent ? changedField(closure.parent) : null;
  return change !== null && change.closure === closure && change.field === field;
}

/** The field that `&1` is in `Map.update!(state, :waiting, &Map.put(&1, id, from))`. */
function fieldOfCapture(node: Node): string | null {
  for (const outer of ancestors(node)) {
    if (outer.type !== "capture") continue;
    const change = outer.parent ? changedField(outer.parent) : null;
    return change?.closure === outer ? change.field : null;
  }
  return null;
}

/** What a closure evaluates to. */
export function closureTails(closure: Node): readonly Node[] {
  if (closure.type === "capture") return [closure.body];
  return closure.type === "fn" ? closure.clauses.flatMap(({ body }) => tails(body)) : [closure];
}
