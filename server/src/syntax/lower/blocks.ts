import type { Block, Clause, Node } from "../ast.ts";
import { afterStatement, isEnvironmental, NO_EXPANSIONS } from "../env.ts";
import { make } from "../make.ts";
import { lowerItems } from "./containers.ts";
import type { Lowering } from "./lowering.ts";

/** Statements in order; an `alias` or `import` among them is in force for those that follow. */
export function lowerBlock(lowering: Lowering, statements: readonly number[], around: number): Block {
  const outer = lowering.env;
  const nodes: Node[] = [];
  for (const statement of statements) {
    const node = lowering.node(statement);
    nodes.push(node);
    if (isEnvironmental(node)) lowering.env = afterStatement(lowering.env, node, NO_EXPANSIONS);
  }
  lowering.env = outer;
  const first = nodes[0];
  const last = nodes.at(-1);
  return make({
    type: "block",
    parent: null,
    start: first ? first.start : lowering.end(around),
    end: last ? last.end : lowering.end(around),
    statements: nodes,
  });
}

/** `(x)` is `x`; `(a; b)` a block; `(x -> y)` a function type. */
export function lowerParentheses(lowering: Lowering, i: number): Node {
  const inner = lowering.cst.children(i);
  if (hasClauses(lowering, inner)) return lowerFunction(lowering, i);
  return inner.length === 1 ? lowering.node(inner[0] as number) : lowerBlock(lowering, inner, i);
}

/** `fn x -> y end` */
export function lowerFunction(lowering: Lowering, i: number): Node {
  return make({
    type: "fn",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    clauses: lowerClauses(lowering, lowering.cst.children(i)),
  });
}

/** True when one of the nodes is a clause, `x -> y`. */
export function hasClauses({ cst }: Lowering, nodes: readonly number[]): boolean {
  return nodes.some((n) => cst.kind(n) === "stab_clause");
}

/** The clauses among the nodes. */
export function lowerClauses(lowering: Lowering, nodes: readonly number[]): Clause[] {
  return nodes.filter((n) => lowering.cst.kind(n) === "stab_clause").map((n) => lowerClause(lowering, n));
}

function lowerClause(lowering: Lowering, i: number): Clause {
  const { cst } = lowering;
  let patterns: Node[] = [];
  let guard: Node | null = null;
  let body: Block | null = null;
  for (const child of cst.children(i)) {
    const kind = cst.kind(child);
    if (kind === "body") body = lowerBlock(lowering, cst.children(child), child);
    else if (kind === "arguments") patterns = lowerItems(lowering, child);
    else if (lowering.operatorOf(child) === "when") {
      const [left, , right] = cst.children(child);
      const guarded = left as number;
      patterns = cst.kind(guarded) === "arguments" ? lowerItems(lowering, guarded) : [lowering.node(guarded)];
      guard = right === undefined ? null : lowering.node(right);
    }
  }
  // The grammar counts the line break after the last clause in.
  const end = body?.statements.length ? body.end : lowering.trimmedEnd(i);
  return make<Clause>({
    type: "clause",
    parent: null,
    start: lowering.start(i),
    end,
    patterns,
    guard,
    body: body?.statements.length
      ? body
      : make<Block>({ type: "block", parent: null, start: end, end, statements: [] }),
  });
}
