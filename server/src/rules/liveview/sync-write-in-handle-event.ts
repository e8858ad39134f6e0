import { leadsTo } from "../../facts/branch.ts";
import type { CallFact, ClauseOfModule } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { evidence, lastHop, reaches, type Witness } from "../../project/effects/witness.ts";
import { liveClauses } from "../../project/processes/blocking.ts";
import { ASIDE, startAsync } from "../../refactor/start-async.ts";

/** Farther away, a write is one of many things that a function does. */
const MAX_HOPS = 3;
/** So many writes one after the other are more than a form that is saved. */
const MANY = 3;
const RAW = /^query/;
const START_ASYNC = suggest("Run it in `start_async`", startAsync, { phoenix_live_view: "0.20.0" });

export default moduleRule({
  id: "liveview/sync-write-in-handle-event",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "An event writes many rows while the page waits: until all are written, it reacts to nothing.",
  default: "off",
  check(module, cx) {
    const events = liveClauses(module).filter(({ name }) => name === "handle_event");
    const known = events.length > 0 ? cx.about(effects, module) : null;
    for (const clause of events) {
      const found = known && longestIn(clause, known, cx);
      if (!found) continue;
      for (const { where, requires } of ASIDE)
        cx.report(
          anchor(module, clause, found.call.at),
          `This ${reaches(found.witness)}, ${found.how}, while the page waits and reacts to nothing; run it in ${where} or in a job.`,
          { related: evidence(found.witness), fixes: [START_ASYNC], requires },
        );
    }
  },
});

interface Found {
  readonly call: CallFact;
  readonly witness: Witness;
  readonly how: string;
}

/** The first call of the clause that writes many rows, or the first of many that write one. */
function longestIn(clause: ClauseOfModule, known: ModuleEffects, cx: ViewContext): Found | null {
  const writes: Found[] = [];
  for (const call of clause.calls) {
    const witness = known.runs(call, clause) ? known.of(call, "db-write") : null;
    if (!witness || witness.hops.length > MAX_HOPS) continue;
    const each = known.perElement(call, "db-write");
    const loop = clause.loops[call.loop];
    if (each && loop && !loop.fixed)
      return { call, witness: each, how: `once for each element of the \`${loop.kind}\`` };
    // Whose result is looked at is saved as a form is; what raw SQL does is not known.
    if (call.outcome === "checked" || call.outcome === "asserted" || RAW.test(lastHop(witness).call.name)) continue;
    if (/_all$/.test(lastHop(witness).call.name) && !isOfOne(witness))
      return { call, witness, how: "which writes many rows at once" };
    if (writesInside(witness, cx) >= MANY) return { call, witness, how: "one of several writes in its transaction" };
    writes.push({ call, witness, how: "" });
  }
  for (const first of writes) {
    const later = writes.filter(({ call }) => call !== first.call && leadsTo(clause, first.call, call));
    const nested = writes.some(({ call }) => call.transaction?.at === first.call.at);
    if (later.length + 1 >= MANY && !nested)
      return { ...first, how: `one of ${later.length + 1} writes one after the other` };
  }
  return null;
}

/** True for `update_all` where the primary key says which row. */
function isOfOne(witness: Witness): boolean {
  return lastHop(witness).clause.queries.some(({ equal }) => equal.includes("id"));
}

/** How many writes stand in a transaction of the function that the call runs. */
function writesInside({ hops }: Witness, cx: ViewContext): number {
  const inner = hops[1];
  if (!inner) return 0;
  const known = cx.about(effects, inner.module);
  const isWrite = (call: CallFact): boolean => call.transaction !== null && known.does(call, "db-write");
  return inner.clause.calls.filter(isWrite).length;
}
