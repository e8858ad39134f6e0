import type { CallFact, ClauseFacts } from "./facts.ts";

/** True when whoever comes to the second call has passed the first, and comes there because nothing failed. */
export function leadsTo(clause: ClauseFacts, first: CallFact, second: CallFact): boolean {
  for (let at = second.branch; at !== first.branch; at = clause.branches[at]?.parent ?? -1) {
    if (at < 0 || clause.branches[at]?.failure) return false;
  }
  return true;
}
