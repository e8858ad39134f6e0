import { shortName } from "../../base/module-name.ts";
import type { ClauseOfModule, TransactionFact } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { repos } from "../../project/database/repos.ts";
import type { Effect } from "../../project/effects/effect.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { wayOut } from "../../project/effects/outward.ts";
import { isDeciding, isUndone } from "../../project/effects/undone.ts";
import { evidence, lastHop, nameOfCall } from "../../project/effects/witness.ts";
import { runAfterCommit } from "../../refactor/after-transaction.ts";

/** How many calls there may be from the closure to the effect. */
const MAX_HOPS = 3;

const WAITS = "holds the connection and its locks while it waits";

const WHY: Readonly<Partial<Record<Effect, string>>> = {
  http: `${WAITS}, and a rollback does not take the request back`,
  mail: "is not taken back by a rollback",
  broadcast: "reaches its subscribers before the commit, and also when there is a rollback instead",
  file: "is not undone by a rollback",
};

export default moduleRule({
  id: "ecto/side-effect-in-transaction",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary:
    "Mail, HTTP, a broadcast or a wait inside a database transaction: no rollback undoes it, and locks are held.",
  check(module, cx) {
    const isRepo = cx.read(repos);
    for (const clause of module.clauses) {
      for (const call of clause.calls) {
        const { transaction } = call;
        if (!transaction?.module || call.runs !== "inline") continue;
        if (transaction.module !== "Ecto.Multi" && !isRepo(transaction.module)) continue;
        const known = cx.about(effects, module);
        const witness = wayOut(known, call, MAX_HOPS);
        if (
          !witness ||
          isStreamed(clause, transaction, known) ||
          isUndone(clause, call) ||
          isDeciding(known, clause, call, witness) ||
          (witness.effect !== "broadcast" && isUnderLock(clause, transaction))
        )
          continue;
        const through = witness.hops.length > 1 ? `, through \`${nameOfCall(call)}\`,` : "";
        const name = `${shortName(transaction.module)}.${transaction.name}`;
        cx.report(
          anchor(module, clause, call.at),
          `\`${nameOfCall(lastHop(witness).call)}\`${through} runs inside \`${name}\`: it ${WHY[witness.effect] ?? WAITS}; do it after the commit, or enqueue a job in the transaction.`,
          {
            related: [
              { at: anchor(module, clause, transaction.at), message: `In the closure of this \`${name}\`` },
              ...evidence(witness),
            ],
            fixes: [suggest(`Run it after \`${name}\``, runAfterCommit)],
          },
        );
      }
    }
  },
});

/** The rows of a `Repo.stream` come while the transaction lasts: what is done with them cannot wait until it is over. */
function isStreamed({ calls }: ClauseOfModule, { at }: TransactionFact, known: ModuleEffects): boolean {
  return calls.some((call) => {
    const read = call.transaction?.at === at ? known.of(call, "db-read") : null;
    return read !== null && lastHop(read).call.name === "stream";
  });
}

/** A row is locked so that what is done for it is done once: an outbox, a queue. The wait is what the lock is for. */
function isUnderLock(clause: ClauseOfModule, transaction: TransactionFact): boolean {
  return clause.calls.some(
    (call) => call.transaction?.at === transaction.at && /(?:^|_)lock(?:ed)?(?:_|$)/.test(call.name),
  );
}
