import type { Edit, FormSource } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { importedFrom } from "../syntax/env.ts";
import { boundNames } from "../syntax/flow.ts";
import { find } from "../syntax/visit.ts";
import { indented, isIndentable } from "./indent.ts";

/**
 * `if connected?(socket) do … end` around the statement that the diagnostic is on; `socket` is the name of the
 * parameter at that index. Null where the value of the call is used.
 */
export function wrapInConnected(source: FormSource, socketIndex: number): Edit[] | null {
  const def = source.ast.type === "def" ? source.ast : null;
  const socket = def && nameOf(def.params[socketIndex]);
  const call = find(source.ast, (n) => n.type === "call" && n.ownStart === source.at.start && n.end === source.at.end);
  if (!def || !socket || !call) return null;
  const statement = ignoredMatch(call) ?? call;
  const block = statement.parent;
  if (
    block?.type !== "block" ||
    block.parent?.type === "block" ||
    !isIndentable(statement, (node) => source.text(node))
  )
    return null;
  const index = block.statements.indexOf(statement);
  const [before, after] = [block.statements[index - 1], block.statements[index + 1]];
  if (!after) return null;
  const start = before ? before.end : statement.start;
  const [above, below] = [source.between(start, statement.start), source.between(statement.end, after.start)];
  if (!below.includes("\n") || (before && !above.includes("\n"))) return null;
  const indent = source.indentation(statement);
  const asks = importedFrom(source.env, "connected?") === null ? "Phoenix.LiveView.connected?" : "connected?";
  const wrapped = `if ${asks}(${socket}) do\n${indent}  ${indented(source.text(statement))}\n${indent}end`;
  // The formatter keeps a block apart from what is around it; another block to come will see to that itself.
  const lead = isBlankOnly(above) ? `\n${above}` : above;
  const tail = isBlankOnly(below) && !SUBSCRIPTION.test(source.text(after)) ? "\n" : "";
  return [source.replace({ start, end: statement.end }, `${lead}${wrapped}${tail}`)];
}

const SUBSCRIPTION = /^(?::ok = |_ = )?[\w.:]*\b(?:subscribe|send|track|monitor|attach|register)\w*\(/;

/** One line end and nothing else: no comment, no blank line. */
function isBlankOnly(gap: string): boolean {
  return /^\r?\n[ \t]*$/.test(gap);
}

/** `:ok = call` and `_ = call`: the match goes with the call. */
function ignoredMatch(call: Node): Node | null {
  const match = call.parent;
  if (match?.type !== "binary" || match.operator !== "=" || match.right !== call) return null;
  return [...boundNames(match.left)].every((name) => name.startsWith("_")) ? match : null;
}

/** The variable that a parameter binds as a whole. */
function nameOf(param: Node | undefined): string | null {
  if (param?.type === "variable") return param.name.startsWith("_") ? null : param.name;
  if (param?.type !== "binary" || param.operator !== "=") return null;
  return nameOf(param.left) ?? nameOf(param.right);
}
