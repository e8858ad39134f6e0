import type { ClauseOfModule, TransactionFact } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { type Outward, outwardEffect, wayOut } from "../../project/effects/outward.ts";
import { repos } from "../../project/repos.ts";

/** How many functions may stand between the closure and the effect. */
const DEPTH = 2;

const WHY: Readonly<Record<Outward, string>> = {
  http: "holds the connection and its locks while it waits, and a rollback does not take the request back",
  mail: "is not taken back by a rollback",
  broadcast: "reaches its subscribers before the commit, and also when there is a rollback instead",
  process: "holds the connection and its locks while it waits for another process",
  sleep: "holds the connection and its locks while it waits",
  file: "is not undone by a rollback",
};

export default moduleRule({
  id: "ecto/side-effect-in-transaction",
  category: "reliability",
  severity: "warning",
  since: "0.2.0",
  summary:
    "Mail, HTTP, a broadcast or a wait inside a database transaction: no rollback undoes it, and locks are held.",
  check(module, cx) {
    const isRepo = cx.read(repos);
    for (const clause of module.clauses) {
      for (const call of clause.calls) {
        const { transaction } = call;
        if (!transaction?.module || !(transaction.module === "Ecto.Multi" || isRepo(transaction.module))) continue;
        const hops = wayOut({ module, clause, call }, cx.named, DEPTH);
        const last = hops?.at(-1);
        const effect = last && outwardEffect(last.call);
        if (!hops || !last || !effect || (effect !== "broadcast" && isUnderLock(clause, transaction))) continue;
        const what = `\`${last.call.module?.split(".").at(-1)}.${last.call.name}/${last.call.arity}\``;
        const through = hops.length > 1 ? `, through \`${call.name}/${call.arity}\`,` : "";
        const name = `${transaction.module.split(".").at(-1)}.${transaction.name}`;
        cx.report(
          anchor(module, clause, call.at),
          `${what}${through} runs inside \`${name}\`: it ${WHY[effect]}; do it after the commit, or enqueue a job in the transaction.`,
          {
            related: [
              { at: anchor(module, clause, transaction.at), message: `In the closure of this \`${name}\`` },
              ...hops.slice(1).map((hop) => ({
                at: anchor(hop.module, hop.clause, hop.call.at),
                message: `\`${hop.call.name}\` is called here`,
              })),
            ],
          },
        );
      }
    }
  },
});

/** A row is locked so that what is done for it is done once: an outbox, a queue. The wait is what the lock is for. */
function isUnderLock(clause: ClauseOfModule, transaction: TransactionFact): boolean {
  return clause.calls.some(
    (call) => call.transaction?.at === transaction.at && /(?:^|_)lock(?:ed)?(?:_|$)/.test(call.name),
  );
}
