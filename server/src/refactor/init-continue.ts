import type { TextEdit } from "../base/edit.ts";
import type { Edit, FormSource } from "../lint/rule.ts";
import type { Def, Node } from "../syntax/ast.ts";
import { tails } from "../syntax/flow.ts";
import { isWithin } from "../syntax/visit.ts";
import { addClauses, bodyOf, clausesIn, statementAt } from "./callback-clauses.ts";
import { boundBy, boundIn, mentionedIn } from "./names.ts";
import { rewritten } from "./rewritten.ts";

/**
 * Moves the statement of `init` that the diagnostic is on, and all after it, to `handle_continue(:load, …)`. What those need
 * of the ones before is the state in between, which nobody else sees. Null where `init` has other clauses or outcomes.
 */
export function continueInit(source: FormSource): readonly Edit[] | null {
  const { ast } = source;
  if (ast.type !== "def" || !ast.body || ast.name === null) return null;
  const statement = bodyOf(source, ast) && statementAt(source, ast.body);
  if (!statement || clausesIn(source, ast.name, ast.params.length).length !== 1) return null;
  if (clausesIn(source, "handle_continue", 2).some(({ def }) => isLoad(def))) return null;
  const { statements } = ast.body;
  const at = statements.indexOf(statement);
  const moved = statements.slice(at);
  const needed = neededBy(moved, ast, statements.slice(0, at));
  const [one, more] = needed;
  const state = one === undefined ? "nil" : more === undefined ? one : `{${needed.join(", ")}}`;
  const previous = statements[at - 1];
  const last = statements.at(-1) ?? statement;
  const start = previous ? endOfLineAfter(source, previous, statement) : statement.start;
  const outcomes = tails(last).map((way) => outcomeOf(way, one !== undefined && more === undefined ? one : "nil"));
  if (!outcomes.every((edit) => edit !== null)) return null;
  const body = rewritten(source, { start, end: last.end }, outcomes).trimStart();
  const indent = source.indentation(ast);
  const handles = addClauses(source, "handle_continue", 2, [
    `def handle_continue(:load, ${one === undefined ? "_state" : state}) do\n${indent}  ${body}\n${indent}end`,
  ]);
  const result = `{:ok, ${state}, {:continue, :load}}`;
  const shorter = source.replace({ start, end: last.end }, previous ? `\n\n${indent}  ${result}` : result);
  return handles && [shorter, handles];
}

function isLoad({ params: [message] }: Def): boolean {
  return message?.type !== "atom" || message.value === "load";
}

/** The variables from before that the moved statements mention, in the order of their binding. */
function neededBy(moved: readonly Node[], def: Def, before: readonly Node[]): string[] {
  const mentioned = mentionedIn(moved);
  return [...new Set([...boundIn(def.params), ...boundBy(before)])].filter((name) => mentioned.has(name));
}

/** The edit that makes an outcome of `init` one of `handle_continue`; null for others. */
function outcomeOf(way: Node, stopState: string): TextEdit | null {
  const [tag, second, third, more] = way.type === "tuple" ? way.items : [];
  if (tag?.type !== "atom" || !second || more || isWithin(way, "fn")) return null;
  if (tag.value === "ok") return { start: tag.start, end: tag.end, text: ":noreply" };
  return tag.value === "stop" && !third ? { start: second.end, end: second.end, text: `, ${stopState}` } : null;
}

/** Where the line of `before` ends: a comment behind it stays, those below it go with `next`. */
function endOfLineAfter(source: FormSource, before: Node, next: Node): number {
  const end = source.between(before.end, next.start).indexOf("\n");
  return end < 0 ? before.end : before.end + end;
}
