import type { ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import type { CallGraph } from "./call-graph.ts";
import { effects } from "./effects/effects.ts";
import type { ByModule, View } from "./project.ts";

/** The clauses of a module whose every caller in the project runs them in a transaction. */
export type InTransaction = ReadonlySet<ClauseOfModule>;

interface Transactions extends ByModule<InTransaction> {
  readonly answers: WeakMap<ModuleFacts, InTransaction>;
}

const NONE: InTransaction = new Set();

/** Functions that are called in transactions only, by functions that are themselves so included; computed when asked for. */
export const transactions: View<Transactions> = {
  name: "transactions",
  slices: effects.slices,
  compute(facts, previous) {
    const { graph } = facts.read(effects);
    const answers = new WeakMap<ModuleFacts, InTransaction>();
    return {
      answers,
      of(module) {
        const kept = answers.get(module);
        if (kept) return kept;
        const clauses = module.clauses.filter((clause) => isInside(graph, clause, new Set()));
        const before = previous?.answers.get(module);
        const same = before?.size === clauses.length && clauses.every((clause) => before.has(clause));
        const answer = same ? before : clauses.length > 0 ? new Set(clauses) : NONE;
        answers.set(module, answer);
        return answer;
      },
    };
  },
};

/** A function that calls itself is no caller of its own. */
function isInside(graph: CallGraph, clause: ClauseOfModule, seen: Set<ClauseOfModule>): boolean {
  seen.add(clause);
  const callers = [...graph.callers(clause)].filter((link) => !seen.has(link.clause));
  return (
    callers.length > 0 &&
    callers.every(({ call, clause: caller }) => call.transaction !== null || isInside(graph, caller, seen))
  );
}
