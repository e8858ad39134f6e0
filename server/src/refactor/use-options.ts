import type { Edit, FormSource } from "../lint/rule.ts";
import { keywordValue } from "../syntax/flow.ts";

/** Sets options, by name, of the `use` that the form is: those that are there get the value, the others are added. */
export function setUseOptions(source: FormSource, options: ReadonlyMap<string, string>): readonly Edit[] | null {
  const { ast } = source;
  if (ast.type !== "call" || ast.name !== "use") return null;
  const [module, list] = ast.args;
  if (!module || (list && list.type !== "list")) return null;
  const edits: Edit[] = [];
  let added = "";
  for (const [name, value] of options) {
    const there = keywordValue(list, name);
    if (there) edits.push(source.replace(there, value));
    else added += `, ${name}: ${value}`;
  }
  const after = list?.type === "list" ? (list.items.at(-1) ?? null) : module;
  if (!after) return null;
  return added === "" ? edits : [...edits, source.insertAfter(after, added)];
}
