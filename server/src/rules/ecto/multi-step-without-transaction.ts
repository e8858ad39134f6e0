import { shortName } from "../../base/module-name.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { adapters, isSql } from "../../project/database/adapters.ts";
import { repos } from "../../project/database/repos.ts";
import { transactions } from "../../project/database/transactions.ts";
import { LooseWrites } from "../../project/database/writes.ts";
import { effects } from "../../project/effects/effects.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { runsByHand } from "../../project/tools.ts";
import { type TransactionFunction, wrapInTransaction } from "../../refactor/into-transaction.ts";

/** What only keeps count of what happened matters less than that it happened. */
const BOOKKEEPING = /^(?:track|log|audit|record|bump|touch|count|increment)_/;

export default moduleRule({
  id: "ecto/multi-step-without-transaction",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "Writes that belong together run without a transaction: when a later one fails, the earlier ones stay.",
  check(module, cx) {
    if (runsByHand(module)) return;
    const known = cx.about(effects, module);
    const writes = new LooseWrites(module, cx.read(repos), (other) => cx.about(effects, other));
    for (const clause of module.clauses) {
      if (clause.calls.length < 2 || !known.ofClause(clause, "db-write")) continue;
      const pair = BOOKKEEPING.test(clause.name) ? null : writes.pair(clause);
      if (!pair || cx.about(transactions, module).has(clause)) continue;
      const [first, second] = pair;
      if (!isSql(cx.read(adapters), second.repo)) continue;
      const start = anchor(module, clause, first.call.at);
      const wrapBy = (by: TransactionFunction, ecto: string): Fix => {
        const edits: Fix["edits"] = (source) => {
          const other = source.elsewhere(start);
          return other && wrapInTransaction(source, other.at, second.repo, by);
        };
        return suggest(`Run both in \`${shortName(second.repo)}.${by}\``, edits, { ecto });
      };
      const committed = `\`${nameOfCall(first.call)}\``;
      cx.report(
        anchor(module, clause, second.call.at),
        `When this \`${nameOfCall(second.call)}\` fails, what ${committed} wrote before stays; run both in one \`${shortName(second.repo)}.transaction\` or an \`Ecto.Multi\`.`,
        {
          related: [{ at: start, message: `${committed} is committed here` }],
          fixes: writes.mayBeWrapped(clause) ? [wrapBy("transact", "3.13.0"), wrapBy("transaction", "<3.13.0")] : [],
        },
      );
    }
  },
});
