import type { Node } from "../ast.ts";
import { make } from "../make.ts";
import type { Lowering } from "./lowering.ts";

/** The elements of a container; a trailing run of `key: value` is so many elements of a list, and one of a tuple. */
export function lowerItems(lowering: Lowering, i: number): Node[] {
  const { cst } = lowering;
  const out: Node[] = [];
  const whole = cst.kind(i) === "arguments" || cst.kind(i) === "tuple";
  for (const child of cst.children(i)) {
    const kind = cst.kind(child);
    if (kind === "keywords" && !whole) {
      for (const pair of cst.children(child)) out.push(lowering.node(pair));
    } else out.push(lowering.node(child));
  }
  return out;
}

/** `[a, b]`; `bare` for `key: value, …` without brackets. */
export function lowerList(lowering: Lowering, i: number, bare: boolean): Node {
  return make({
    type: "list",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    items: lowerItems(lowering, i),
    bare,
  });
}

/** `{a, b}` */
export function lowerTuple(lowering: Lowering, i: number): Node {
  return make({
    type: "tuple",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    items: lowerItems(lowering, i),
  });
}

/** `<<a, b::binary>>` */
export function lowerBitstring(lowering: Lowering, i: number): Node {
  return make({
    type: "bitstring",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    items: lowerItems(lowering, i),
  });
}

/** `%{…}`, `%Struct{…}`, `%{base | …}` */
export function lowerMap(lowering: Lowering, i: number): Node {
  const { cst } = lowering;
  let struct: Node | null = null;
  let base: Node | null = null;
  const items: Node[] = [];
  for (const child of cst.children(i)) {
    const kind = cst.kind(child);
    if (kind === "struct") {
      const inner = cst.first(child);
      struct = inner < 0 ? lowering.unknown(child) : lowering.node(inner);
    } else if (kind === "map_content") {
      for (const entry of cst.children(child)) {
        if (base === null && items.length === 0 && lowering.operatorOf(entry) === "|") {
          const [left, , right] = cst.children(entry);
          base = lowering.node(left as number);
          if (right !== undefined) addEntries(lowering, right, items);
        } else addEntries(lowering, entry, items);
      }
    } else items.push(lowering.unknown(child));
  }
  return make({ type: "map", parent: null, start: lowering.start(i), end: lowering.end(i), struct, base, items });
}

/** Adds what stands between two commas of a map: `key => value`, or all that is written `key: value`. */
function addEntries(lowering: Lowering, i: number, into: Node[]): void {
  const { cst } = lowering;
  if (cst.kind(i) === "keywords") {
    for (const pair of cst.children(i)) into.push(lowering.node(pair));
  } else if (lowering.operatorOf(i) === "=>") {
    const [left, , right] = cst.children(i);
    const key = lowering.node(left as number);
    const value = right === undefined ? lowering.unknown(i) : lowering.node(right);
    into.push(make({ type: "pair", parent: null, start: lowering.start(i), end: lowering.end(i), key, value }));
  } else into.push(lowering.node(i));
}

/** `key: value` */
export function lowerPair(lowering: Lowering, i: number): Node {
  const [key, value] = lowering.cst.children(i);
  if (key === undefined) return lowering.unknown(i);
  return make({
    type: "pair",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    key: lowering.node(key),
    value: value === undefined ? lowering.unknown(i) : lowering.node(value),
  });
}

/** `object[key]` */
export function lowerAccess(lowering: Lowering, i: number): Node {
  const [object, key] = lowering.cst.children(i);
  if (object === undefined || key === undefined) return lowering.unknown(i);
  return make({
    type: "access",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    object: lowering.node(object),
    key: lowering.node(key),
  });
}
