import type { BranchFact, CallFact, ClauseFacts } from "./facts.ts";

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
export function isCaught(clause: ClauseFacts, call: CallFact): boolean {
  return handlers(clause, call.branch).includes("exits");
}

/** True for a call in a `try` or function with a `rescue` or `catch`, which stands inside of that branch. */
export function isRescued(clause: ClauseFacts, call: CallFact, branch = -1): boolean {
  return handlers(clause, call.branch, branch).length > 0;
}

/** What the ways beside those from the branch out to the other one catch. */
function handlers({ branches }: ClauseFacts, from: number, to = -1): readonly NonNullable<BranchFact["catches"]>[] {
  const out = new Set<NonNullable<BranchFact["catches"]>>();
  for (let at = from; at !== to && at >= 0; at = branches[at]?.parent ?? -1)
    for (const { of, catches } of branches) if (of === branches[at]?.of && catches !== null) out.add(catches);
  return [...out];
}
