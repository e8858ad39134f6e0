import type { Edit, FormSource } from "../lint/rule.ts";
import { keywordValue } from "../syntax/flow.ts";

/** What a migration says to run outside of a transaction, and without a lock that would wait for it. */
const ATTRIBUTES = ["disable_ddl_transaction", "disable_migration_lock"];

/** Adds those of the attributes that the module does not have, after its `use Ecto.Migration`. */
export function outsideOfTransaction(source: FormSource): readonly Edit[] | null {
  const forms = source.siblings();
  const use = forms.find(
    ({ ast }) =>
      ast.type === "call" &&
      ast.name === "use" &&
      ast.args[0]?.type === "alias" &&
      ast.args[0].module === "Ecto.Migration",
  );
  if (!use) return null;
  const missing = ATTRIBUTES.filter(
    (name) => !forms.some(({ ast }) => ast.type === "attribute-set" && ast.name === name),
  );
  if (missing.length === 0) return [];
  const indent = use.indentation(use.ast);
  return [use.insertAfter(use.ast, `\n${missing.map((name) => `\n${indent}@${name} true`).join("")}`)];
}

/** Makes the index that the diagnostic covers one that is created, or dropped, concurrently. */
export function concurrently(source: FormSource): readonly Edit[] | null {
  const step = source.node(source.at);
  const index = step?.type === "call" ? step.args[0] : undefined;
  if (index?.type !== "call") return null;
  const last = index.args.at(-1);
  const attributes = outsideOfTransaction(source);
  if (!last || attributes === null) return null;
  const given = keywordValue(index.args[2], "concurrently");
  return [given ? source.replace(given, "true") : source.insertAfter(last, ", concurrently: true"), ...attributes];
}
