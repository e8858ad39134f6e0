import { shortName } from "../../base/module-name.ts";
import type { Alias, Node } from "../ast.ts";
import { expandAlias } from "../env.ts";
import { make } from "../make.ts";
import type { Lowering } from "./lowering.ts";

/** A variable, or a call of a local function without parentheses; `__MODULE__` is the module around it. */
export function lowerIdentifier(lowering: Lowering, i: number): Node {
  if (lowering.source(i) === "__MODULE__") return moduleName(lowering, i, lowering.env.module);
  return lowerVariable(lowering, i);
}

/** What is a name as it stands, operators in captures among it: `&+/2`. */
export function lowerVariable(lowering: Lowering, i: number): Node {
  return make({
    type: "variable",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    name: lowering.source(i),
  });
}

/** The name of a module. */
export function lowerAlias(lowering: Lowering, i: number): Node {
  return moduleName(lowering, i, expandAlias(lowering.env, lowering.source(i)));
}

/** `A.{B, C}`, `__MODULE__.B`, and other dots that are no call. */
export function lowerDot(lowering: Lowering, i: number): Node {
  const { cst } = lowering;
  const [left, right] = cst.children(i);
  if (left === undefined || right === undefined) return lowering.unknown(i);
  const object = lowering.node(left);
  if (object.type !== "alias") return lowering.unknown(i);
  if (cst.kind(right) === "alias") return moduleName(lowering, i, `${object.module}.${lowering.source(right)}`);
  if (cst.kind(right) !== "tuple") return lowering.unknown(i);
  const items = cst
    .children(right)
    .map((child) => moduleName(lowering, child, `${object.module}.${lowering.source(child)}`));
  return make({ type: "tuple", parent: null, start: lowering.start(i), end: lowering.end(i), items });
}

function moduleName(lowering: Lowering, i: number, module: string): Alias {
  return make<Alias>({
    type: "alias",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    module,
    short: shortName(lowering.source(i)),
  });
}
