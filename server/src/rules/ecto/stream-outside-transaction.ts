import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { repos } from "../../project/database/repos.ts";
import { transactions } from "../../project/database/transactions.ts";
import { inTransaction } from "../../refactor/in-transaction.ts";

/** What is known to leave `stream` alone. */
const LEAVE_IT = /^(?:Ecto|Scrivener|Paginator|Flop|Kaffy|Appsignal|Sentry|NewRelic|Spandex)(?:\.|$)/;

function mayStream(used: string, cx: ViewContext): boolean {
  return !LEAVE_IT.test(used) && cx.named(used).length === 0;
}

export default moduleRule({
  id: "ecto/stream-outside-transaction",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "A `Repo.stream` is gone through outside of a transaction, which raises at run time.",
  check(module, cx) {
    const isRepo = cx.read(repos);
    for (const clause of module.clauses) {
      for (const load of clause.loads) {
        if (load.name !== "stream" || !load.enumerated || !isRepo(load.module ?? "")) continue;
        // What is handed to a function may be run by it in a transaction.
        const streams = clause.calls.filter(({ name, module }) => name === "stream" && module === load.module);
        if (streams.some(({ transaction, runs }) => transaction !== null || runs !== "inline")) continue;
        if (cx.about(transactions, module).has(clause)) continue;
        // The library may have a `stream` of its own, which asks page by page.
        if (cx.named(load.module ?? "").some((one) => one.uses.some(({ module: used }) => mayStream(used, cx))))
          continue;
        const repo = load.module?.split(".").at(-1);
        cx.report(
          anchor(module, clause, load.at),
          `\`${repo}.stream\` is gone through here outside of a transaction, where PostgreSQL and MySQL raise; do it in \`${repo}.transaction\`.`,
          { fixes: [suggest("Wrap it in a transaction, which gives `{:ok, result}`", inTransaction)] },
        );
      }
    }
  },
});
