import type { CallFact, ClauseFacts } from "../../facts/facts.ts";

/** False when the calls of a clause stand in branches of which only one runs. */
export function canBothRun(clause: ClauseFacts, a: CallFact, b: CallFact): boolean {
  const taken = new Map<number, number>();
  for (let at = a.branch; at >= 0; at = clause.branches[at]?.parent ?? -1) taken.set(clause.branches[at]?.of ?? -1, at);
  for (let at = b.branch; at >= 0; at = clause.branches[at]?.parent ?? -1) {
    const other = taken.get(clause.branches[at]?.of ?? -1);
    if (other !== undefined && other !== at) return false;
  }
  return true;
}
