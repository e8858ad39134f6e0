import type { CallFact, ClauseFacts } from "./facts.ts";

/** True when whoever comes to the second call has passed the first, and comes there because nothing failed. */
export function leadsTo(clause: ClauseFacts, first: CallFact, second: CallFact): boolean {
  for (let at = second.branch; at !== first.branch; at = clause.branches[at]?.parent ?? -1) {
    if (at < 0 || clause.branches[at]?.failure) return false;
  }
  return true;
}

/** True when the second call, to which the first leads, is only come to when what the first gave was a success. */
export function needsSuccess(clause: ClauseFacts, first: number, second: CallFact): boolean {
  const outcome = clause.calls[first]?.outcome;
  if (outcome !== "checked") return outcome === "asserted";
  // What follows a `case` is come to from each of its ways.
  if (!clause.branches.some(({ on }) => on === first)) return true;
  for (let at = second.branch; at >= 0; at = clause.branches[at]?.parent ?? -1) {
    if (clause.branches[at]?.on === first) return true;
  }
  return false;
}

/** True for a call in a `try` with a `catch`: it is known that who is asked may not be there. */
export function isCaught({ branches }: ClauseFacts, call: CallFact): boolean {
  for (let at = branches[call.branch]; at; at = branches[at.parent]) {
    const { of } = at;
    if (branches.some((other) => other.of === of && other.catches)) return true;
  }
  return false;
}
