import { sameSet } from "../../base/same-items.ts";
import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { byModule } from "../conclusions.ts";
import { effects } from "../effects/effects.ts";
import type { Lookup } from "../lookup.ts";

/** The clauses of a module whose every caller in the project runs them in a transaction. */
export type InTransaction = ReadonlySet<ClauseOfModule>;

const NONE: InTransaction = new Set();

/** Functions that are called in transactions only, by functions that are themselves so included; computed when asked for. */
export const transactions = byModule({
  name: "transactions",
  slices: effects.slices,
  isAbout: hasClauses,
  nothing: NONE,
  conclude: insideOf,
  same: sameSet,
});

function hasClauses({ clauses }: ModuleFacts): boolean {
  return clauses.length > 0;
}

function insideOf(facts: Lookup, module: ModuleFacts): InTransaction {
  const clauses = module.clauses.filter((clause) => isInside(facts, clause, new Set()));
  return clauses.length > 0 ? new Set(clauses) : NONE;
}

/** A function that calls itself is no caller of its own. */
function isInside(facts: Lookup, clause: ClauseOfModule, seen: Set<ClauseOfModule>): boolean {
  seen.add(clause);
  const callers = facts.callers(clause).filter((link) => !seen.has(link.clause));
  return (
    callers.length > 0 &&
    callers.every(({ call, clause: caller }) => call.transaction !== null || isInside(facts, caller, seen))
  );
}
