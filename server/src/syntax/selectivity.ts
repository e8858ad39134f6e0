import type { Binary, Node } from "./ast.ts";
import { lambdaOf } from "./sql-expression.ts";
import { mentions } from "./visit.ts";

/** Fields that hold what something is, not whether it is so: asked by themselves, whether there is a value. */
const VALUES = /_(?:id|at|on|by)$/;

/**
 * True for a condition that may leave out next to nothing of a table: all but one known row, all but those of a list, all that have
 * a value at all, or whatever fits if anything is asked for. `keeps` is false where the elements go for which it holds.
 */
export function keepsMost(closure: Node, keeps: boolean): boolean {
  const lambda = lambdaOf(closure);
  return lambda !== null && !chooses(lambda.body, keeps, lambda.parameters);
}

/** True where the condition, or with `holds` false its opposite, may well leave out most. */
function chooses(node: Node, holds: boolean, row: ReadonlySet<string>): boolean {
  if (!mentions(node, row)) return false;
  if (node.type === "unary" && /^(?:not|!)$/.test(node.operator)) return chooses(node.operand, !holds, row);
  if (node.type === "call" && node.name === "is_nil") return holds;
  if (node.type === "field") return !VALUES.test(node.name) || !holds;
  if (node.type !== "binary") return true;
  const { operator, left, right } = node;
  if (/^(?:and|&&|or|\|\|)$/.test(operator)) {
    const [one, other] = [chooses(left, holds, row), chooses(right, holds, row)];
    // Of what is joined by `and` one will do.
    return /^(?:and|&&)$/.test(operator) === holds ? one || other : one && other;
  }
  if (/^[!=]==?$/.test(operator)) return operator.startsWith("=") === holds || isLiteral(node, row);
  return operator !== "in" || holds || isLiteral(node, row);
}

/** True where the row is compared with what is written out: that may be the state of most rows, and no single one's id. */
function isLiteral({ left, right }: Binary, row: ReadonlySet<string>): boolean {
  const value = mentions(left, row) ? right : left;
  const items = value.type === "list" ? value.items : [value];
  return items.every((item) => /^(?:atom|number|string|attribute)$/.test(item.type) && !isNil(item));
}

function isNil(node: Node): boolean {
  return node.type === "atom" && node.value === "nil";
}
