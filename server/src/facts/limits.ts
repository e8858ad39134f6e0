import type { Call, Node } from "../syntax/ast.ts";
import { isQueryMacro, partsOf } from "../syntax/query.ts";
import { type Shape, shapeOf } from "./shape.ts";

const NONE: readonly Shape[] = [];

/** What the queries among the calls are limited to, and lists are cut to by `Enum.take/2`: numbers, and variables that hold one. */
export function limitsIn(calls: readonly Call[]): readonly Shape[] {
  const found = calls.flatMap((call) => limitsOf(call));
  return found.length > 0 ? found : NONE;
}

function limitsOf(call: Call): Shape[] {
  if (call.module === "Enum" && call.name === "take") return numbers(call.args[1]);
  if (!isQueryMacro(call)) return [];
  return partsOf(call).flatMap(({ name, value }) => (name === "limit" ? numbers(value) : []));
}

function numbers(node: Node | undefined): Shape[] {
  const shape = shapeOf(node?.type === "unary" && node.operator === "^" ? node.operand : node);
  return shape.kind === "number" || shape.kind === "variable" ? [shape] : [];
}
