import type { FragmentFact } from "../../facts/facts.ts";
import { jsonPath } from "../../facts/json-paths.ts";
import { anchor, fix, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { adapters, usesOnly } from "../../project/database/adapters.ts";
import { tables } from "../../project/database/tables.ts";
import { nativeForm } from "../../refactor/native-form.ts";
import { wordsFor } from "../../syntax/fragment.ts";
import { NATIVE_FORMS, type NativeForm } from "../../syntax/native-forms.ts";

export default moduleRule({
  id: "ecto/fragment-has-native-form",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "A fragment says in SQL what Ecto has words for: Ecto passes it on unchecked.",
  check(module, cx) {
    const fragments = module.clauses.flatMap((clause) => clause.fragments.map((fact) => ({ clause, fact })));
    if (fragments.length === 0) return;
    const isPostgres = usesOnly(cx.read(adapters), "Ecto.Adapters.Postgres");
    for (const { clause, fact } of fragments) {
      const form = NATIVE_FORMS[fact.form];
      if (!form || (form.postgres && !isPostgres) || isIndexed(fact, cx)) continue;
      const words = wordsOf(form, fact);
      const caution = fact.caution && wordsFor(fact.caution, form);
      const requires = fact.since ? { ecto: fact.since } : {};
      cx.report(
        anchor(module, clause, fact.at),
        `\`${filled(form.sql, fact)}\` in a fragment is text that Ecto does not check; write \`${words}\`${caution ? `, but mind that ${caution}` : ""}.`,
        {
          requires,
          fixes: [
            caution
              ? suggest(`Use \`${words}\`${form.onNull ? " (may differ on NULL)" : ""}`, nativeForm, requires)
              : fix(`Use \`${words}\``, nativeForm, requires),
          ],
        },
      );
    }
  },
});

/** True where an index is of the very expression: no other words find it. */
function isIndexed({ column, literals }: FragmentFact, cx: ViewContext): boolean {
  if (column === null || literals?.key === undefined || literals.inner !== undefined) return false;
  const path = jsonPath(column, literals.key);
  return [...cx.read(tables).values()].some(({ indexes }) => indexes.some(({ paths }) => paths.includes(path)));
}

/** The form with the literals of the fragment for `<key>` and the like. */
function filled(form: string, { literals }: FragmentFact): string {
  return form.replace(/<(\w+)>/g, (_, name: string) => literals?.[name] ?? name);
}

/** The native form with letters for its arguments. */
function wordsOf({ ecto }: NativeForm, fact: FragmentFact): string {
  return filled(ecto, fact).replace(/\$(\d)/g, (_, number: string) => "abc"[Number(number) - 1] ?? "");
}
