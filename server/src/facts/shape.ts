import type { Node } from "../syntax/ast.ts";

/** The outline of a term or pattern: enough to match a message against a clause, or to know a name. */
export type Shape =
  | { readonly kind: "any" }
  | { readonly kind: "atom"; readonly value: string }
  | { readonly kind: "module"; readonly value: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: string }
  | { readonly kind: "variable"; readonly name: string }
  /** A module attribute whose value is computed. */
  | { readonly kind: "attribute"; readonly name: string }
  | { readonly kind: "tuple"; readonly items: readonly Shape[] }
  | { readonly kind: "list"; readonly items: readonly Shape[] }
  | { readonly kind: "keyword"; readonly entries: readonly (readonly [string, Shape])[] }
  | { readonly kind: "map"; readonly struct: string | null; readonly keys: readonly string[] }
  | { readonly kind: "call"; readonly module: string | null; readonly name: string; readonly args: readonly Shape[] }
  | { readonly kind: "function" };

export const ANY: Shape = { kind: "any" };

const MAX_ITEMS = 12;

/** The shape of an expression or pattern, down to `depth` levels of nesting. */
export function shapeOf(node: Node | null | undefined, depth = 3): Shape {
  if (!node) return ANY;
  switch (node.type) {
    case "atom":
      return { kind: "atom", value: node.value };
    case "alias":
      return { kind: "module", value: node.module };
    case "number":
      return { kind: "number", value: node.text };
    case "string":
      return node.value === null || node.value.length > 200 ? ANY : { kind: "string", value: node.value };
    case "variable":
      return { kind: "variable", name: node.name };
    case "attribute":
      return node.value ? shapeOf(node.value, depth) : { kind: "attribute", name: node.name };
    case "fn":
    case "capture":
    case "function-reference":
      return { kind: "function" };
    case "tuple":
      return depth > 0 ? { kind: "tuple", items: shapes(node.items, depth) } : ANY;
    case "list":
      return depth > 0 ? listShape(node.items, depth) : ANY;
    case "map":
      return mapShape(node);
    case "binary":
      if (node.operator === "\\\\") return shapeOf(node.left, depth);
      if (node.operator === "--")
        return { kind: "call", module: null, name: "--", args: shapes([node.left, node.right], depth) };
      if (node.operator === "++") return joined(shapeOf(node.left, depth), shapeOf(node.right, depth));
      return node.operator === "=" ? matchShape(node.left, node.right, depth) : ANY;
    case "call":
      return { kind: "call", module: node.module, name: node.name, args: depth > 0 ? shapes(node.args, depth) : [] };
    default:
      return ANY;
  }
}

function shapes(nodes: readonly Node[], depth: number): Shape[] {
  return nodes.slice(0, MAX_ITEMS).map((node) => shapeOf(node, depth - 1));
}

function listShape(items: readonly Node[], depth: number): Shape {
  const entries: [string, Shape][] = [];
  for (const item of items.slice(0, MAX_ITEMS)) {
    if (item.type !== "pair" || item.key.type !== "atom") return { kind: "list", items: shapes(items, depth) };
    entries.push([item.key.value, shapeOf(item.value, depth - 1)]);
  }
  return entries.length > 0 ? { kind: "keyword", entries } : { kind: "list", items: [] };
}

function mapShape(node: Extract<Node, { type: "map" }>): Shape {
  const keys = node.items.flatMap((item) => (item.type === "pair" && item.key.type === "atom" ? [item.key.value] : []));
  return { kind: "map", struct: node.struct?.type === "alias" ? node.struct.module : null, keys };
}

/** `[:a] ++ [b: 1]`, where both are written out. */
function joined(left: Shape, right: Shape): Shape {
  if (left.kind === "keyword" && right.kind === "keyword")
    return { kind: "keyword", entries: [...left.entries, ...right.entries] };
  return left.kind === "list" && right.kind === "list" ? { kind: "list", items: [...left.items, ...right.items] } : ANY;
}

/** `%{} = state` says what its pattern says. */
function matchShape(left: Node, right: Node, depth: number): Shape {
  const shape = shapeOf(left, depth);
  return shape.kind === "variable" || shape.kind === "any" ? shapeOf(right, depth) : shape;
}

/** The value of `key` in a keyword shape. */
export function entry(shape: Shape | undefined, key: string): Shape | null {
  if (shape?.kind !== "keyword") return null;
  return shape.entries.find(([name]) => name === key)?.[1] ?? null;
}

/** The name that a shape stands for when it is an atom or a module, as `__MODULE__` and `:my_server` are. */
export function nameOf(shape: Shape | null | undefined): string | null {
  if (shape?.kind === "module") return shape.value;
  return shape?.kind === "atom" && !/^(nil|true|false)$/.test(shape.value) ? `:${shape.value}` : null;
}

/** False when a value of the one shape surely does not match a pattern of the other. */
export function canMatch(pattern: Shape, value: Shape): boolean {
  if (isOpen(pattern) || isOpen(value)) return true;
  switch (pattern.kind) {
    case "atom":
    case "module":
    case "string":
    case "number":
      return value.kind === pattern.kind && value.value === pattern.value;
    case "tuple":
      if (value.kind !== "tuple" || value.items.length !== pattern.items.length) return false;
      return pattern.items.every((item, i) => canMatch(item, value.items[i] ?? ANY));
    case "map":
      return (
        value.kind === "map" && (pattern.struct === null || value.struct === null || pattern.struct === value.struct)
      );
    case "list":
    case "keyword":
      return value.kind === "list" || value.kind === "keyword";
    default:
      return true;
  }
}

/** True for shapes that say the same. */
export function sameShape(a: Shape | undefined, b: Shape | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Shapes that say nothing of the value. */
export function isOpen({ kind }: Shape): boolean {
  return kind === "any" || kind === "variable" || kind === "attribute" || kind === "call" || kind === "function";
}

/** True for the atom of that name; `nil` and `true` are atoms too. */
export function isAtomShape(shape: Shape | null | undefined, value: string): boolean {
  return shape?.kind === "atom" && shape.value === value;
}

/** True for `self()`. */
export function isSelfShape(shape: Shape | null | undefined): boolean {
  return shape?.kind === "call" && shape.module === null && shape.name === "self";
}

const UNITS: Readonly<Record<string, number>> = { seconds: 1000, minutes: 60_000, hours: 3_600_000 };

/** The milliseconds of `5_000` and of `:timer.seconds(5)`; null where they are computed in another way. */
export function milliseconds(shape: Shape | null | undefined): number | null {
  if (shape?.kind === "number") return Number(shape.value.replaceAll("_", ""));
  if (shape?.kind !== "call" || shape.module !== ":timer") return null;
  const [count, unit] = [milliseconds(shape.args[0]), UNITS[shape.name]];
  return count === null || unit === undefined ? null : count * unit;
}
