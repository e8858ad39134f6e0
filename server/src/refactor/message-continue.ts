import type { Edit, FormSource } from "../lint/rule.ts";
import type { Block, Node } from "../syntax/ast.ts";
import { tails } from "../syntax/flow.ts";
import { addClauses, bodyOf, statementAt } from "./callback-clauses.ts";
import { type DefForm, defsOf, removeForms, withAttributes } from "./module-forms.ts";
import { mayAnswer } from "./request-handler.ts";

/**
 * Has `init` continue with the message that it sends to itself in the statement that the diagnostic is on, and makes the clause
 * that handles it one of `handle_continue`. Null where the statement is not one of `init` itself, where `init` has other
 * outcomes than `{:ok, state}`, or where several clauses handle the message.
 */
export function continueMessage(source: FormSource): readonly Edit[] | null {
  const { ast } = source;
  const body = ast.type === "def" && bodyOf(source, ast) ? ast.body : null;
  const statement = body && statementAt(source, body);
  const sent = statement?.type === "binary" && statement.operator === "=" ? statement.right : statement;
  const message = sent?.type === "call" && !sent.piped ? sent.args[1] : undefined;
  if (!body || !statement || sent?.type !== "call" || !message) return null;
  const continued = withContinue(source, body, source.text(message));
  const forms = source.siblings();
  const name = sent.name === "cast" ? "handle_cast" : "handle_info";
  const [handler, other] = defsOf(forms).filter(({ def }) => def.name === name && isFor(def.params[0], message));
  const added = handler && !other && addClauses(source, "handle_continue", 2, [renamed(handler)]);
  if (!continued || !handler || !added) return null;
  const next = forms[forms.indexOf(handler.source) + 1]?.ast;
  const gone = new Set([handler.source]);
  const kept = next?.type === "def" && next.name === name;
  return [
    without(source, body, statement),
    ...continued,
    added,
    ...removeForms(forms, kept ? gone : withAttributes(forms, gone)),
  ];
}

/** True for a clause that names the message; one for anything is no clause for it. */
function isFor(pattern: Node | undefined, message: Node): boolean {
  return (pattern?.type === "atom" || pattern?.type === "tuple") && mayAnswer(pattern, message);
}

/** The outcomes of `init` with the message to continue with; null where one of them has something in its place already. */
function withContinue(source: FormSource, body: Block, message: string): Edit[] | null {
  const edits: Edit[] = [];
  for (const way of tails(body)) {
    if (way.type === "atom") continue;
    const [tag, state, more] = way.type === "tuple" ? way.items : [];
    if (tag?.type !== "atom" || !state || more) return null;
    if (tag.value === "ok") edits.push(source.insertAfter(state, `, {:continue, ${message}}`));
  }
  return edits.length > 0 ? edits : null;
}

/** Takes the statement away, with the blank lines that would begin the body. */
function without(source: FormSource, body: Block, statement: Node): Edit {
  const next = body.statements[1];
  const isFirst = statement === body.statements[0] && next && !source.between(statement.end, next.start).includes("#");
  return isFirst ? source.replace({ start: statement.start, end: next.start }, "") : source.removeLines(statement);
}

function renamed({ source, def }: DefForm): string {
  const name = def.name ?? "";
  const rest = source.between(def.nameStart + name.length, def.end);
  return `${source.between(def.start, def.nameStart)}handle_continue${rest}`;
}
