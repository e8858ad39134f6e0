import type { Fix } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { indented, isIndentable } from "./indent.ts";
import { callAt } from "./preload-after.ts";

/** `Repo.transaction(fn -> … end)` around the statement that goes through the stream; null where it is not in one statement. */
export const inTransaction: Fix["edits"] = (source) => {
  const load = callAt(source);
  if (!load?.remote) return null;
  let statement: Node = load;
  while (statement.parent && statement.parent.type !== "block") statement = statement.parent;
  const block = statement.parent;
  if (statement === load || block?.type !== "block" || statement.type !== "call") return null;
  // `do: …` on one line stays there.
  const isLine = /(?:^|\n)[ \t]*$/.test(source.between(Math.min(0, statement.start), statement.start));
  const repo = source.text({ start: load.calleeStart, end: load.calleeEnd }).replace(/\.stream$/, "");
  if (!isLine || !isIndentable(statement, (node) => source.text(node))) return null;
  const indent = source.indentation(statement);
  const text = indented(source.text(statement));
  return [source.replace(statement, `${repo}.transaction(fn ->\n${indent}  ${text}\n${indent}end)`)];
};
