import type { Fix } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { find, mentions, visit } from "../syntax/visit.ts";
import { indented, isIndentable } from "./indent.ts";

/**
 * Moves the statement that the diagnostic is on behind the transaction: `with {:ok, x} <- Repo.transact(…) do`, the
 * statement, `{:ok, x}`. Null unless it is the last before the value of the closure, which is `x` or `{:ok, x}`, and
 * needs nothing else from inside.
 */
export const runAfterCommit: Fix["edits"] = (source) => {
  const call = find(source.ast, (n) => n.type === "call" && n.ownStart === source.at.start && n.end === source.at.end);
  const effect = call && statementOf(call);
  const body = effect?.parent;
  const transaction = body ? transactionAround(body) : null;
  if (!effect || body?.type !== "block" || !transaction) return null;
  const index = body.statements.length - 2;
  const [before, value] = [body.statements[index - 1], body.statements[index + 1]];
  if (body.statements[index] !== effect || !before || !value || !isIndentable(transaction, (n) => source.text(n)))
    return null;
  const name = value.type === "tuple" ? okValue(value) : value;
  if (name?.type !== "variable" || mentions(effect, namesInside(body, name.name))) return null;
  const gaps = [source.between(before.end, effect.start), source.between(effect.end, value.start)];
  if (gaps.some((gap) => gap.trim() !== "")) return null;
  const kept = source.between(transaction.start, before.end) + source.between(effect.end, transaction.end);
  const text = source.text(value);
  const result = transaction.name === "transact" ? text : `{:ok, ${text}}`;
  if (transaction.name === "transact" && value.type !== "tuple") return null;
  const indent = source.indentation(transaction);
  return [
    source.replace(
      transaction,
      [`with ${result} <-`, `       ${indented(kept, 7)} do`, `  ${source.text(effect)}`, `  ${result}`, "end"].join(
        `\n${indent}`,
      ),
    ),
  ];
};

/** The call, or the match that throws its value away, as a statement; null where its value is used. */
function statementOf(call: Node): Node | null {
  const match = call.parent;
  if (match?.type === "block") return call;
  const ignored =
    match?.type === "binary" && match.operator === "=" && match.right === call && boundNames(match.left).size === 0;
  return ignored && match.parent?.type === "block" ? match : null;
}

/** `Repo.transact(fn -> body end)` as a statement. */
function transactionAround(body: Node): Call | null {
  const closure = body.parent?.parent;
  const call = closure?.parent;
  if (closure?.type !== "fn" || closure.clauses.length !== 1 || closure.clauses[0]?.patterns.length !== 0) return null;
  if (call?.type !== "call" || call.args[0] !== closure || call.piped || call.parent?.type !== "block") return null;
  return /^trans(?:act|action)$/.test(call.name) && call.module !== "Ecto.Multi" ? call : null;
}

function okValue(tuple: Extract<Node, { type: "tuple" }>): Node | null {
  const [tag, value] = tuple.items;
  return tuple.items.length === 2 && tag?.type === "atom" && tag.value === "ok" ? (value ?? null) : null;
}

/** The names that the closure binds, but for the one that it gives back. */
function namesInside(body: Node, given: string): Set<string> {
  const names = new Set<string>();
  visit(body, (node) => {
    if (node.type === "binary" && (node.operator === "=" || node.operator === "<-")) boundNames(node.left, names);
  });
  names.delete(given);
  return names;
}
