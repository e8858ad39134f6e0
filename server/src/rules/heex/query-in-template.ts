import type { CallFact } from "../../facts/facts.ts";
import { anchor, moduleRule, type ViewContext } from "../../lint/rule.ts";
import type { Effect } from "../../project/effects/effect.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { timeoutOf } from "../../project/effects/libraries.ts";
import { evidence, type Hop, lastHop, reaches, type Witness } from "../../project/effects/witness.ts";
import { isAvoided } from "../../project/processes/blocking.ts";

const LOADS: readonly Effect[] = ["db-read", "db-write", "http", "process-call"];
/** Farther away, the template's author may well not know, nor the call be made. */
const MAX_HOPS = 4;
/** Who waits no longer than that knows that it is a template that waits. */
const SHORT_LIMIT = 1000;

export default moduleRule({
  id: "heex/query-in-template",
  category: "design",
  severity: "warning",
  since: "0.1.0",
  summary:
    "A template that loads data: change tracking does not see it, so it is loaded at every render or never again.",
  check(module, cx) {
    const known = cx.about(effects, module);
    for (const clause of module.clauses) {
      for (const call of clause.calls) {
        const witness = call.template && known.runs(call, clause) ? loadedBy(call, known) : null;
        if (!witness || witness.hops.some((hop) => isKept(hop, cx))) continue;
        cx.report(
          anchor(module, clause, call.at),
          `This template loads data: it ${reaches(witness)}; no caller sees that it does, and a LiveView does so at every render or never again; load it before and assign it.`,
          { related: evidence(witness) },
        );
      }
    }
  },
});

/** True for what is loaded only where a cache does not hold it: one that was asked before, or that the closure around it is given to. */
function isKept({ call, clause, module }: Hop, cx: ViewContext): boolean {
  const keeper = typeof call.runs === "object" ? clause.calls[call.runs.handedTo] : undefined;
  if (call.cached || !keeper) return call.cached;
  const targets = cx.about(effects, module).targets(keeper);
  return targets.some((target) =>
    target.clause.calls.some((other) => /^:(?:ets|persistent_term)$/.test(other.module ?? "")),
  );
}

/** What the call loads. A preload far from here may find everything loaded. */
function loadedBy(call: CallFact, known: ModuleEffects): Witness | null {
  for (const effect of LOADS) {
    const witness = known.of(call, effect);
    if (!witness || witness.hops.length > MAX_HOPS || isAvoided(witness)) continue;
    const limit = effect === "process-call" ? timeoutOf(lastHop(witness).call) : null;
    if (typeof limit === "number" && limit < SHORT_LIMIT) continue;
    if (witness.hops.length === 1 || lastHop(witness).call.name !== "preload") return witness;
  }
  return null;
}
