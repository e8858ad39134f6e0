import type { Edit } from "../lint/rule.ts";
import { type DefForm, headOf } from "./module-forms.ts";

/** The statement at the top of a function, which becomes a block when it was `do:`; null for a body that is not plain. */
export function prepend(form: DefForm, text: string): Edit[] | null {
  const { source, def } = form;
  const first = def.body?.statements[0];
  const head = headOf(form);
  if (!first || !head) return null;
  if (!head.inline) return [source.insertBefore(first, `${text}\n${source.indentation(first)}`)];
  const indent = source.indentation(def);
  return [
    source.replace(
      { start: head.end, end: def.end },
      ` do\n${indent}  ${text}\n${indent}  ${source.text(first)}\n${indent}end`,
    ),
  ];
}
