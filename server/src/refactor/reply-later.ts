import type { Edit, FormSource } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { tails } from "../syntax/flow.ts";
import { isWithin } from "../syntax/visit.ts";
import { bodyOf } from "./callback-clauses.ts";
import { indented, isIndentable } from "./indent.ts";
import { asksForSelf, boundBy, mentionedIn } from "./names.ts";

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
  let text = "";
  let at = first.start;
  for (const way of tails(last).sort((a, b) => a.start - b.start)) {
    const reply = replyOf(way, state.name);
    if (!reply) return null;
    text += `${source.between(at, way.start)}GenServer.reply(${caller}, ${source.text(reply)})`;
    at = way.end;
  }
  text += source.between(at, last.end);
  const indent = source.indentation(first);
  const task = `Task.Supervisor.start_child(${supervisor}, fn ->\n${indent}  ${indented(text)}\n${indent}end)`;
  const replaced = `${task}\n\n${indent}{:noreply, ${state.name}}`;
  const edits = [source.replace({ start: first.start, end: last.end }, replaced)];
  return caller === from.name ? edits : [source.replace(from, caller), ...edits];
}

/** The answer in `{:reply, answer, state}`. */
function replyOf(way: Node, state: string): Node | null {
  if (way.type !== "tuple" || way.items.length !== 3 || isWithin(way, "fn")) return null;
  const [tag, reply, next] = way.items;
  const isReply = tag?.type === "atom" && tag.value === "reply" && next?.type === "variable" && next.name === state;
  return isReply ? (reply ?? null) : null;
}
