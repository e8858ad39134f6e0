import type { Edit, FormSource } from "../lint/rule.ts";
import type { FunctionReference, Node } from "../syntax/ast.ts";

/**
 * `&__MODULE__.name/arity` for the local capture, and `def` for `defp` where `publish`. Null where the function is not
 * defined here, or is as public as it is asked to become.
 */
export function publicHandler(
  source: FormSource,
  handler: Node,
  { name, arity }: FunctionReference,
  publish: boolean,
): Edit[] | null {
  const clauses = source
    .siblings()
    .filter(({ ast }) => ast.type === "def" && ast.name === name && ast.params.length === arity);
  const [first] = clauses;
  if (first?.ast.type !== "def" || first.ast.keyword !== (publish ? "defp" : "def")) return null;
  const edits = publish ? clauses.map((clause) => clause.replace(keyword(clause.ast), "def")) : [];
  return [source.replace(handler, `&__MODULE__.${name}/${arity}`), ...edits];
}

function keyword({ start }: Node): { start: number; end: number } {
  return { start, end: start + "defp".length };
}
