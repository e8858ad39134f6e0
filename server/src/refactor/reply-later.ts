import type { TextEdit } from "../base/edit.ts";
import type { Edit, FormSource } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { copiedReads } from "../syntax/copied-reads.ts";
import { tails } from "../syntax/flow.ts";
import { isAtom, isVariable } from "../syntax/literals.ts";
import { isWithin } from "../syntax/visit.ts";
import { linesBefore } from "./bind-before.ts";
import { bodyOf } from "./callback-clauses.ts";
import { hoisted, usesOf } from "./hoist.ts";
import { indented, isIndentable } from "./indent.ts";
import { asksForSelf, boundBy, mentionedIn } from "./names.ts";
import { rewritten } from "./rewritten.ts";

/**
 * Runs the whole body of a `handle_call` in a task, which answers with `GenServer.reply/2`. Null where the server's state
 * does not stay as it is.
 */
export function replyLater(source: FormSource, supervisor: string): readonly Edit[] | null {
  const { ast } = source;
  if (ast.type !== "def" || ast.name !== "handle_call" || !ast.body) return null;
  const [, from, state] = ast.params;
  const body = bodyOf(source, ast);
  const { statements } = ast.body;
  const [first, last] = [statements[0], statements.at(-1)];
  if (from?.type !== "variable" || state?.type !== "variable" || !body || body.inline || !first || !last) return null;
  if (boundBy(statements).has(state.name) || asksForSelf(ast.body)) return null;
  const caller = from.name.replace(/^_+/, "") || "from";
  if (caller !== from.name && mentionedIn(statements).has(caller)) return null;
  if (!isIndentable(ast.body, (node) => source.text(node))) return null;
  const ways = tails(last).map((way) => replyOf(way, state.name));
  if (!ways.every((way) => way !== null)) return null;
  // The task would take the whole state along.
  const reads = copiedReads(ast.body, state.name, new Set(ways.map(({ state }) => state)));
  const fields = (reads && hoisted(source.ast, reads)) ?? [];
  const range = { start: first.start, end: last.end };
  const text = rewritten(source, range, [...ways.flatMap((way) => replying(way, caller)), ...usesOf(fields)]);
  const indent = source.indentation(first);
  const task = `Task.Supervisor.start_child(${supervisor}, fn ->\n${indent}  ${indented(text)}\n${indent}end)`;
  const edits = [source.replace(range, `${linesBefore(fields, indent)}${task}\n\n${indent}{:noreply, ${state.name}}`)];
  return caller === from.name ? edits : [source.replace(from, caller), ...edits];
}

/** A way out of the callback, `{:reply, answer, state}`. */
interface Reply {
  readonly way: Node;
  readonly answer: Node;
  readonly state: Node;
}

function replyOf(way: Node, name: string): Reply | null {
  if (way.type !== "tuple" || isWithin(way, "fn")) return null;
  const [tag, answer, state, more] = way.items;
  return isAtom(tag, "reply") && answer && state && isVariable(state, name) && !more ? { way, answer, state } : null;
}

/** The edits that make a call of it. */
function replying({ way, answer }: Reply, caller: string): TextEdit[] {
  return [
    { start: way.start, end: answer.start, text: `GenServer.reply(${caller}, ` },
    { start: answer.end, end: way.end, text: ")" },
  ];
}
