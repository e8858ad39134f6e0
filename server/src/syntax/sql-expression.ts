import type { Node } from "./ast.ts";
import { boundNames } from "./flow.ts";
import { mentions } from "./visit.ts";

const OPERATORS = new Set("== != === !== < > <= >= and or && || in + - * /".split(" "));
/** Functions that SQL has a counterpart for, by module. */
const FUNCTIONS: ReadonlyMap<string | null, RegExp> = new Map([
  [null, /^(is_nil|not|elem|abs|round|max|min)$/],
  ["DateTime", /^(compare|after\?|before\?|add|to_date)$/],
  ["NaiveDateTime", /^(compare|after\?|before\?|add|to_date)$/],
  ["Date", /^(compare|after\?|before\?|add)$/],
  ["Time", /^(compare|after\?|before\?)$/],
  ["Decimal", /^(compare|eq\?|equal\?|gt\?|lt\?|positive\?|negative\?|add|sub|mult)$/],
  ["String", /^(contains\?|starts_with\?|ends_with\?|downcase|upcase|length)$/],
  ["Map", /^(get|fetch!)$/],
]);

/** A closure of one clause with one expression: what it computes, from which names (`&1` for a capture). */
export interface Lambda {
  readonly body: Node;
  readonly parameters: ReadonlySet<string>;
}

/** The closure as one expression of its parameters, or null when it does more than compute. */
export function lambdaOf(closure: Node | undefined): Lambda | null {
  if (closure?.type === "capture") return { body: closure.body, parameters: new Set(["&1", "&2"]) };
  const clause = closure?.type === "fn" && closure.clauses.length === 1 ? closure.clauses[0] : undefined;
  const body = clause?.body.statements[0];
  if (!clause || !body || clause.guard || clause.body.statements.length !== 1) return null;
  const parameters = new Set<string>();
  for (const pattern of clause.patterns) boundNames(pattern, parameters);
  return { body, parameters };
}

/** True when a query could say what the closure computes of a row: fields, comparisons, and functions that SQL has too. */
export function translates(closure: Node | undefined): boolean {
  if (closure?.type === "function-reference") return closure.module === null && closure.name === "is_nil";
  const lambda = lambdaOf(closure);
  return lambda !== null && mentions(lambda.body, lambda.parameters) && isExpression(lambda.body, lambda.parameters);
}

/** `not is_nil(&1)`, `&is_nil/1`: whether there is anything at all, whatever it is. */
export function asksForAny(closure: Node | undefined): boolean {
  if (closure?.type === "function-reference") return closure.module === null && closure.name === "is_nil";
  const lambda = lambdaOf(closure);
  if (!lambda) return false;
  const { body, parameters } = lambda;
  const inner = body.type === "unary" && /^(?:not|!)$/.test(body.operator) ? body.operand : body;
  const [row] = inner.type === "call" && inner.module === null && inner.name === "is_nil" ? inner.args : [];
  if (row?.type === "capture-argument") return true;
  return row?.type === "variable" && parameters.has(row.name);
}

/** What does not depend on the row is computed before the query and pinned. */
function isExpression(node: Node, row: ReadonlySet<string>): boolean {
  if (!mentions(node, row)) return node.type !== "fn" && node.type !== "unknown";
  const every = (nodes: readonly Node[]): boolean => nodes.every((n) => isExpression(n, row));
  switch (node.type) {
    case "variable":
    case "capture-argument":
      return true;
    case "field":
      return isExpression(node.object, row);
    case "access":
      return isExpression(node.object, row) && !mentions(node.key, row);
    case "binary":
      return OPERATORS.has(node.operator) && every([node.left, node.right]);
    case "unary":
      return /^(not|!|-)$/.test(node.operator) && isExpression(node.operand, row);
    case "tuple":
    case "list":
      return every(node.items);
    case "call":
      return (
        FUNCTIONS.get(node.module)?.test(node.name) === true &&
        !node.target &&
        node.sections.length === 0 &&
        every(node.args)
      );
    default:
      return false;
  }
}
