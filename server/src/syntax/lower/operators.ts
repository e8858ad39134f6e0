import type { Node } from "../ast.ts";
import { importedFrom } from "../env.ts";
import { make } from "../make.ts";
import { lowerPipe } from "./calls.ts";
import type { Lowering } from "./lowering.ts";

/** `left operator right`; a pipe becomes the call on its right, and `not in` what it stands for. */
export function lowerBinary(lowering: Lowering, i: number): Node {
  const { cst } = lowering;
  const [left, operator, right] = cst.children(i);
  if (left === undefined || operator === undefined || right === undefined) return lowering.unknown(i);
  const kind = cst.kind(operator);
  const first = lowering.node(left);
  if (kind === "|>") return lowerPipe(lowering, first, right) ?? binary(lowering, i, kind, first, right);
  if (kind === "not in") return unary(lowering, i, "not", binary(lowering, i, "in", first, right));
  return binary(lowering, i, kind, first, right);
}

function binary(lowering: Lowering, i: number, operator: string, left: Node, right: number): Node {
  return make({
    type: "binary",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    operator,
    left,
    right: lowering.node(right),
  });
}

/** `not x`, `-x`, `^x`, and what is written like an operator: `@name`, `&fun/1`. */
export function lowerUnary(lowering: Lowering, i: number): Node {
  const { cst } = lowering;
  const [operator, operand] = cst.children(i);
  if (operator === undefined || operand === undefined) return lowering.unknown(i);
  const kind = cst.kind(operator);
  if (kind === "@") return attribute(lowering, i, operand);
  if (kind === "&") return capture(lowering, i, operand);
  return unary(lowering, i, kind, lowering.node(operand));
}

function unary(lowering: Lowering, i: number, operator: string, operand: Node): Node {
  return make({ type: "unary", parent: null, start: lowering.start(i), end: lowering.end(i), operator, operand });
}

/** `@name` and `@name value` */
function attribute(lowering: Lowering, i: number, operand: number): Node {
  const { cst } = lowering;
  const kind = cst.kind(operand);
  if (kind === "identifier") {
    const name = lowering.source(operand);
    return make({
      type: "attribute",
      parent: null,
      start: lowering.start(i),
      end: lowering.end(i),
      name,
      value: lowering.env.attributes.get(name) ?? null,
    });
  }
  if (kind !== "call") return lowering.unknown(i);
  const [target, args] = cst.children(operand);
  const value = args === undefined ? -1 : cst.first(args);
  return make({
    type: "attribute-set",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    name: target === undefined ? "" : lowering.source(target),
    value: value < 0 ? null : lowering.node(value),
  });
}

/** `&1`, `&Mod.fun/2` and `&(…)` */
function capture(lowering: Lowering, i: number, operand: number): Node {
  const { cst } = lowering;
  if (cst.kind(operand) === "integer") {
    return make({
      type: "capture-argument",
      parent: null,
      start: lowering.start(i),
      end: lowering.end(i),
      index: Number(lowering.source(operand)),
    });
  }
  if (lowering.operatorOf(operand) === "/") {
    const [left, , right] = cst.children(operand);
    if (right !== undefined && cst.kind(right) === "integer") {
      const reference = functionReference(lowering, i, left as number, Number(lowering.source(right)));
      if (reference) return reference;
    }
  }
  return make({
    type: "capture",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    body: lowering.node(operand),
  });
}

function functionReference(lowering: Lowering, i: number, named: number, arity: number): Node | null {
  const target = lowering.node(named);
  let module: string | null;
  if (target.type === "variable") module = importedFrom(lowering.env, target.name);
  else if (target.type === "call" && target.args.length === 0 && target.name !== "" && !target.target)
    module = target.module;
  else return null;
  return make({
    type: "function-reference",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    module,
    name: target.name,
    arity,
  });
}
