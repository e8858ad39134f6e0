import type { Edit, FormSource } from "../lint/rule.ts";

/** A `handle_event` clause for the event, which does nothing yet, after the form. */
export function eventClause(after: FormSource, event: string): Edit[] {
  const indentation = after.indentation(after.ast);
  const lines = [`def handle_event("${event}", _params, socket) do`, "  {:noreply, socket}", "end"];
  return [after.insertAfter(after.ast, `\n\n${lines.map((line) => indentation + line).join("\n")}`)];
}
