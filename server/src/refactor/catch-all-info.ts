import type { Edit, FormSource } from "../lint/rule.ts";
import { clausesIn } from "./callback-clauses.ts";

/** Adds a clause of `handle_info` after the others, which logs the message and keeps the state. */
export function catchAllInfo(source: FormSource): readonly Edit[] | null {
  const last = clausesIn(source, "handle_info", 2).at(-1)?.source;
  const first = source.siblings()[0];
  if (!last || !first) return null;
  const indent = last.indentation(last.ast);
  const clause = [
    "def handle_info(message, state) do",
    '  Logger.warning("unexpected message: #{inspect(message)}")',
    "  {:noreply, state}",
    "end",
  ];
  const edit = last.insertAfter(last.ast, `\n\n${indent}${clause.join(`\n${indent}`)}`);
  if (source.siblings().some(isLogger)) return [edit];
  const after = source.siblings().findLast((form) => /^(?:@moduledoc|use)\b/.test(form.text(form.ast)));
  const required = `\n${indent}require Logger`;
  return [
    after ? after.insertAfter(after.ast, required) : first.insertBefore(first.ast, `require Logger\n${indent}`),
    edit,
  ];
}

function isLogger(form: FormSource): boolean {
  return /^(?:require|import)\s+Logger\b/.test(form.text(form.ast));
}
