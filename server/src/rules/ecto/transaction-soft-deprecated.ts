import { shortName } from "../../base/module-name.ts";
import { anchor, fix, moduleRule } from "../../lint/rule.ts";
import { repos } from "../../project/database/repos.ts";
import { transact } from "../../refactor/transact.ts";

export default moduleRule({
  id: "ecto/transaction-soft-deprecated",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary: "`Repo.transaction` is soft-deprecated since Ecto 3.13 in favour of `Repo.transact`.",
  requires: { ecto: ">=3.13.0" },
  check(module, cx) {
    for (const clause of module.clauses) {
      for (const run of clause.transactionRuns) {
        if (!cx.read(repos)(run.module)) continue;
        // A wrapper need not have `transact`, and what the project itself calls so need not do the same.
        const isPlain = cx
          .named(run.module)
          .every(({ uses, byName }) => uses.some((use) => use.module === "Ecto.Repo") && !byName.has("transact"));
        if (!isPlain) continue;
        const repo = shortName(run.module);
        const multi = run.of === "multi";
        cx.report(
          anchor(module, clause, run.at),
          `\`${repo}.transaction\` is soft-deprecated since Ecto 3.13; \`${repo}.transact\` ${multi ? "does the same with an `Ecto.Multi`" : "wants `{:ok, _}` or `{:error, _}` of the function and rolls back on the latter, without `Repo.rollback`"}.`,
          { tags: ["deprecated"], fixes: multi ? [fix("Use `transact`", transact)] : [] },
        );
      }
    }
  },
});
