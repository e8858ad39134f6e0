import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { callsWithin } from "../calls/clauses.ts";

/**
 * The clauses that run in callbacks: these, and private functions that nothing but such clauses calls, in the same process. By
 * clause, the callback that it is or is first reached from.
 */
export function runInCallbacks(
  module: ModuleFacts,
  callbacks: readonly ClauseOfModule[],
): ReadonlyMap<ClauseOfModule, ClauseOfModule> {
  const out = new Map(callbacks.map((clause) => [clause, clause]));
  const helpers = module.clauses.filter(({ keyword }) => keyword === "defp");
  for (let grown = true; grown; ) {
    grown = false;
    for (const helper of helpers) {
      const callers = out.has(helper) ? [] : callersOf(module, helper);
      const [first] = callers;
      const root = first && callers.every((caller) => out.has(caller)) ? out.get(first) : undefined;
      if (!root) continue;
      out.set(helper, root);
      grown = true;
    }
  }
  return out;
}

/** The clauses that call the helper; a call in a closure that may run elsewhere counts as one by itself, which is no callback. */
function callersOf(module: ModuleFacts, helper: ClauseOfModule): ClauseOfModule[] {
  return callsWithin(module, helper).flatMap(({ caller, call }) => {
    if (caller === helper) return [];
    return [call.runs === "inline" ? caller : helper];
  });
}
