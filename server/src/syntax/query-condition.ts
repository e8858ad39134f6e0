import type { Node } from "./ast.ts";
import type { QueryPart } from "./query.ts";
import { find } from "./visit.ts";

/** One of the conditions that a `where` joins by `and`. */
export interface ConditionPart {
  readonly node: Node;
  /** The same for conditions that are the same up to the names of variables and the order of operands. */
  readonly normal: string;
  /** The values at hand that it compares with, in the order of `normal`'s `^`. */
  readonly pins: readonly Node[];
}

/** The conditions of a `where`; none where one of them is on another source than the first, or not known in full. */
export function conditionParts({ value, root }: Pick<QueryPart, "value" | "root">): readonly ConditionPart[] {
  if (value.type === "list") {
    const out: ConditionPart[] = [];
    for (const item of value.items) {
      if (item.type !== "pair" || item.key.type !== "atom") return [];
      const pins: Node[] = [];
      const normal = equality(`x.${item.key.value}`, normalOf(item.value, null, pins));
      if (normal === null) return [];
      out.push({ node: item, normal, pins });
    }
    return out;
  }
  if (value.type === "unary" && value.operator === "^") return [];
  const parts = operands(value, "and").map((node): ConditionPart | null => {
    const pins: Node[] = [];
    const normal = normalOf(node, root, pins);
    return normal === null || !normal.includes("x.") ? null : { node, normal, pins };
  });
  return parts.every((part) => part !== null) ? parts : [];
}

function operands(node: Node, operator: string): Node[] {
  if (node.type === "block" && node.statements.length === 1 && node.statements[0])
    return operands(node.statements[0], operator);
  if (node.type !== "binary" || node.operator !== operator) return [node];
  return [...operands(node.left, operator), ...operands(node.right, operator)];
}

function equality(left: string, right: string | null): string | null {
  if (right === null) return null;
  if (right === "true") return left;
  return right === "false" ? `not ${left}` : `${left} == ${right}`;
}

/** The condition with `x` for the source and `^` for what is pinned; null for what depends on anything else. */
function normalOf(node: Node, root: string | null, pins: Node[]): string | null {
  const all = (nodes: readonly Node[]): string | null => {
    const texts = nodes.map((inner) => normalOf(inner, root, pins));
    return texts.every((text) => text !== null) ? texts.join(", ") : null;
  };
  switch (node.type) {
    case "atom":
      return /^(?:true|false|nil)$/.test(node.value) ? node.value : `:${node.value}`;
    case "number":
      return node.text;
    case "alias":
      return node.module;
    case "string":
      return node.value === null ? null : JSON.stringify(node.value);
    case "attribute":
      return node.value ? normalOf(node.value, root, pins) : null;
    case "block":
      return node.statements.length === 1 && node.statements[0] ? normalOf(node.statements[0], root, pins) : null;
    case "field":
      return node.object.type === "variable" && node.object.name === root ? `x.${node.name}` : null;
    case "list":
    case "tuple": {
      const items = all(node.items);
      return items === null ? null : node.type === "list" ? `[${items}]` : `{${items}}`;
    }
    case "unary": {
      if (node.operator === "^") {
        pins.push(node.operand);
        return "^";
      }
      const inner = normalOf(node.operand, root, pins);
      return inner && `${node.operator === "!" ? "not" : node.operator} ${inner}`;
    }
    case "binary": {
      const sides = flips(node, root) ? [node.right, node.left] : [node.left, node.right];
      const texts = sides.map((side) => normalOf(side, root, pins));
      if (texts.includes(null)) return null;
      const [left, right] = texts as [string, string];
      if (node.operator === "==") return equality(left, right);
      const operator = flips(node, root) ? (FLIPPED.get(node.operator) ?? node.operator) : node.operator;
      return `(${left} ${operator} ${right})`;
    }
    case "call": {
      if (node.name === "field" && node.args[1]?.type === "atom" && isRoot(node.args[0], root))
        return `x.${node.args[1].value}`;
      if (node.target || node.sections.length > 0 || /^(?:as|parent_as|selected_as|subquery|exists)$/.test(node.name))
        return null;
      const args = all(node.args);
      if (node.name === "not" && args !== null) return `not ${args}`;
      return args === null ? null : `${node.module === null ? "" : `${node.module}.`}${node.name}(${args})`;
    }
    default:
      return null;
  }
}

const FLIPPED = new Map([
  ["<", ">"],
  [">", "<"],
  ["<=", ">="],
  [">=", "<="],
]);

/** True for `^now < x.at`: the source stands first. */
function flips(node: Extract<Node, { type: "binary" }>, root: string | null): boolean {
  if (node.operator !== "==" && node.operator !== "!=" && !FLIPPED.has(node.operator)) return false;
  const has = (side: Node): boolean => root !== null && find(side, (n) => isRoot(n, root)) !== null;
  return has(node.right) && !has(node.left);
}

function isRoot(node: Node | undefined, root: string | null): boolean {
  return node?.type === "variable" && node.name === root;
}
