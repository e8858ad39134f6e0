import { leadsTo } from "../../facts/branch.ts";
import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { isLocalCall } from "../../project/clauses.ts";
import { effects } from "../../project/effects/effects.ts";
import { staysInside } from "../../project/effects/outward.ts";
import { lastHop } from "../../project/effects/witness.ts";
import { repos } from "../../project/repos.ts";
import { transactions } from "../../project/transactions.ts";

/** A call that writes, by its index in the clause's calls. */
interface Step {
  readonly index: number;
  readonly call: CallFact;
  readonly repo: string;
}

/** SQL as text: what it does is not known, or its own affair. */
const RAW = /^query/;

/** Functions that say they write; `get_or_create_…` and `maybe_…` need not. */
const WRITES =
  /^(?:do_)?(?:create|insert|update|upsert|delete|remove|add|set|save|store|put|assign|attach|link|unlink|move|replace|rename|archive|activate|deactivate|enable|disable|cancel|close)(?:_|!|$)/;

/** What only keeps count of what happened matters less than that it happened. */
const BOOKKEEPING = /^(?:track|log|audit|record|bump|touch|count|increment)_/;

export default moduleRule({
  id: "ecto/multi-step-without-transaction",
  category: "reliability",
  severity: "information",
  since: "0.2.0",
  summary: "Writes that belong together run without a transaction: when a later one fails, the earlier ones stay.",
  check(module, cx) {
    const isRepo = cx.read(repos);
    const known = cx.about(effects, module);
    for (const clause of module.clauses) {
      if (BOOKKEEPING.test(clause.name)) continue;
      const steps = clause.calls.flatMap((call, index): Step[] => {
        const repo = call.runs === "inline" && call.transaction === null ? writesTo(call, clause) : null;
        return repo === null ? [] : [{ index, call, repo }];
      });
      const pair = firstPair(clause, steps);
      if (!pair || cx.about(transactions, module).has(clause)) continue;
      const [first, second] = pair.map(({ call }) => `\`${shortName(module, call)}\``);
      cx.report(
        anchor(module, clause, pair[1].call.at),
        `When this ${second} fails, what ${first} wrote before stays; run both in one \`${pair[1].repo.split(".").at(-1)}.transaction\` or an \`Ecto.Multi\`.`,
        { related: [{ at: anchor(module, clause, pair[0].call.at), message: `${first} is committed here` }] },
      );
    }

    /** The first two steps on one way through the function that belong together, with nothing between that reaches out. */
    function firstPair(clause: ClauseOfModule, steps: readonly Step[]): readonly [Step, Step] | null {
      for (const second of steps) {
        for (const first of steps) {
          if (first === second || first.repo !== second.repo || !leadsTo(clause, first.call, second.call)) continue;
          if (!belongTogether(first, second)) continue;
          // What the first is given is called before it.
          const between = clause.calls.filter(
            (call, i) =>
              i > first.index && i < second.index && !first.call.uses.includes(i) && leadsTo(clause, call, second.call),
          );
          if (between.every(isInside)) return [first, second];
        }
      }
      return null;
    }

    /** The repository that a call writes to, itself or through functions of the module; null when it does not. */
    function writesTo(call: CallFact, clause: ClauseOfModule): string | null {
      const witness = known.of(call, "db-write");
      const last = witness && lastHop(witness).call;
      if (!witness || !last?.module || !isRepo(last.module) || RAW.test(last.name)) return null;
      if (witness.hops.length === 1) return last.module;
      if (!isLocalCall(module, call) || !WRITES.test(call.name) || call.name === clause.name) return null;
      return isInside(call) ? last.module : null;
    }

    function isInside(call: CallFact): boolean {
      return staysInside(known, call, isRepo);
    }
  },
});

/** True when the second step needs what the first wrote, or is only taken when the first has succeeded. */
function belongTogether(first: Step, second: Step): boolean {
  if (!raises(second.call) && second.call.outcome === "discarded") return false;
  if (second.call.uses.includes(first.index)) return true;
  const { name, outcome } = first.call;
  // Two updates of many rows each stand for themselves.
  if (name === "update_all" && second.call.name === name) return false;
  return first.index < second.index && (raises(first.call) || outcome === "asserted" || outcome === "checked");
}

function raises({ name }: CallFact): boolean {
  return name.endsWith("!") || name.endsWith("_all");
}

function shortName(module: ModuleFacts, call: CallFact): string {
  const owner = isLocalCall(module, call) ? "" : `${call.module?.split(".").at(-1)}.`;
  return `${owner}${call.name}/${call.arity}`;
}
