import type { Node } from "./ast.ts";
import { boundNames } from "./flow.ts";
import { children, mentions } from "./visit.ts";

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

const NO_NAMES: ReadonlyMap<string, string> = new Map();

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

/**
 * The fields of the row that a closure which `translates` reads; none where it also does something else with the row, or with what
 * a field holds: `& &1.customer.name`.
 */
export function fieldsOf(closure: Node): readonly string[] {
  const lambda = lambdaOf(closure);
  const held = closure.type === "fn" ? fieldsIn(closure.clauses[0]?.patterns[0]) : NO_NAMES;
  const names = new Set<string>();
  return lambda && held && readsOnly(lambda.body, { row: lambda.parameters, held, names }) ? [...names] : [];
}

/** What the names of a pattern hold of a row: `%{status: wanted}`; null for patterns that also choose. */
function fieldsIn(pattern: Node | undefined): ReadonlyMap<string, string> | null {
  if (pattern?.type !== "map") return pattern?.type === "variable" ? NO_NAMES : null;
  const held = new Map<string, string>();
  for (const item of pattern.items) {
    if (item.type !== "pair" || item.key.type !== "atom" || item.value.type !== "variable") return null;
    held.set(item.value.name, item.key.value);
  }
  return held;
}

interface RowReads {
  /** The names of the closure's parameters. */
  readonly row: ReadonlySet<string>;
  /** Of these, those that hold a field each. */
  readonly held: ReadonlyMap<string, string>;
  /** The fields that are read. */
  readonly names: Set<string>;
}

/** True where each mention of the row in the node reads a field of it, none of which is gone into. */
function readsOnly(node: Node, reads: RowReads): boolean {
  const name = fieldRead(node, reads);
  if (name === undefined) return !isRow(node, reads.row) && children(node).every((child) => readsOnly(child, reads));
  reads.names.add(name);
  return node.parent?.type !== "field" && node.parent?.type !== "access";
}

function fieldRead(node: Node, { row, held }: RowReads): string | undefined {
  if (node.type === "variable") return held.get(node.name);
  return node.type === "field" && isRow(node.object, row) ? node.name : undefined;
}

function isRow(node: Node, row: ReadonlySet<string>): boolean {
  if (node.type === "capture-argument") return row.has(`&${node.index}`);
  return node.type === "variable" && row.has(node.name);
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
