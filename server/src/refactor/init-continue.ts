import type { Edit, FormSource } from "../lint/rule.ts";
import type { Block, Def, Node } from "../syntax/ast.ts";
import { tails } from "../syntax/flow.ts";
import { isWithin } from "../syntax/visit.ts";
import { addClauses, bodyOf, clausesIn, statementAt } from "./callback-clauses.ts";
import { boundBy, boundIn, mentionedIn } from "./names.ts";

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
  const body = rewritten(source, ast.body, at, one !== undefined && more === undefined ? one : "nil");
  if (body === null) return null;
  const indent = source.indentation(ast);
  const handles = addClauses(source, "handle_continue", 2, [
    `def handle_continue(:load, ${one === undefined ? "_state" : state}) do\n${indent}  ${body}\n${indent}end`,
  ]);
  const first = statements[0] as Node;
  const last = statements.at(-1) as Node;
  const result = `{:ok, ${state}, {:continue, :load}}`;
  const from = at === 0 ? first.start : endOfLineAfter(source, statements[at - 1] as Node, statement);
  const shorter = source.replace({ start: from, end: last.end }, at === 0 ? result : `\n\n${indent}  ${result}`);
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

/** The text of the moved statements with the outcomes of `init` made those of `handle_continue`; null for others. */
function rewritten(source: FormSource, block: Block, at: number, stopState: string): string | null {
  const { statements } = block;
  const previous = statements[at - 1];
  const first = statements[at] as Node;
  const last = statements.at(-1) as Node;
  const start = previous ? endOfLineAfter(source, previous, first) : first.start;
  let text = "";
  let from = start;
  for (const tail of tails(last).sort((a, b) => a.start - b.start)) {
    const [tag, second, third, more] = tail.type === "tuple" ? tail.items : [];
    if (tag?.type !== "atom" || !second || more || isWithin(tail, "fn")) return null;
    if (tag.value === "ok") {
      text += `${source.between(from, tag.start)}:noreply`;
      from = tag.end;
    } else if (tag.value === "stop" && !third) {
      text += `${source.between(from, second.end)}, ${stopState}`;
      from = second.end;
    } else return null;
  }
  return (text + source.between(from, last.end)).trimStart();
}

/** Where the line of `before` ends: a comment behind it stays, those below it go with `next`. */
function endOfLineAfter(source: FormSource, before: Node, next: Node): number {
  const end = source.between(before.end, next.start).indexOf("\n");
  return end < 0 ? before.end : before.end + end;
}
