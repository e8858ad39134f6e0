import type { Fix } from "../lint/rule.ts";
import { importedFrom } from "../syntax/env.ts";
import { addClauses } from "./callback-clauses.ts";

/**
 * Adds clauses of `handle_async` for a task: for its end alone, or for its result too.
 * @param pattern of the task's name
 * @param title of the task, as the page would call it
 */
export function handleAsync(pattern: string, title: string, missing: "any" | "exit"): Fix["edits"] {
  return (source) => {
    const flash = importedFrom(source.env, "put_flash") === null ? "Phoenix.LiveView.put_flash" : "put_flash";
    const indent = source.indentation(source.ast);
    const clause = (result: string, value: string): string =>
      `def handle_async(${pattern}, ${result}, socket) do\n${indent}  {:noreply, ${value}}\n${indent}end`;
    const failed = clause("{:exit, _reason}", `${flash}(socket, :error, "${title} failed")`);
    const result = missing === "exit" ? [] : [clause("{:ok, _result}", "socket")];
    const edit = addClauses(source, "handle_async", 3, [...result, failed]);
    return edit && [edit];
  };
}
