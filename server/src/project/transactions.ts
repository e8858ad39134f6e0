import type { ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import type { ByModule, Facts, View } from "./project.ts";

/** The clauses of a module whose every caller in the project runs them in a transaction. */
export type InTransaction = ReadonlySet<ClauseOfModule>;

/** A call of a function of the project: by whom, and whether in the closure of a transaction. */
interface Site {
  readonly target: string;
  readonly caller: string;
  readonly inside: boolean;
}

interface Transactions extends ByModule<InTransaction> {
  readonly sites: WeakMap<ModuleFacts, readonly Site[]>;
  readonly answers: WeakMap<ModuleFacts, InTransaction>;
}

const NONE: InTransaction = new Set();

/** Functions that are called in transactions only, by functions that are themselves so included. */
export const transactions: View<Transactions> = {
  name: "transactions",
  slices: ["functions"],
  compute(facts, previous) {
    const known = previous?.sites ?? new WeakMap<ModuleFacts, readonly Site[]>();
    const callers = callersIn(facts, known);
    const inside = new Set<string>();
    for (let size = -1; size < inside.size; ) {
      size = inside.size;
      for (const [target, sites] of callers)
        if (sites.every((site) => site.inside || inside.has(site.caller))) inside.add(target);
    }
    const answers = new WeakMap<ModuleFacts, InTransaction>();
    const isInside = (module: ModuleFacts, clause: ClauseOfModule): boolean => {
      const called = namesOf(module, clause).filter((name) => callers.has(name));
      return called.length > 0 && called.every((name) => inside.has(name));
    };
    return {
      sites: known,
      answers,
      of(module) {
        const kept = answers.get(module);
        if (kept) return kept;
        const clauses = module.clauses.filter((clause) => isInside(module, clause));
        const before = previous?.answers.get(module);
        const same = before?.size === clauses.length && clauses.every((clause) => before.has(clause));
        const answer = same ? before : clauses.length > 0 ? new Set(clauses) : NONE;
        answers.set(module, answer);
        return answer;
      },
    };
  },
};

function callersIn(facts: Facts, known: WeakMap<ModuleFacts, readonly Site[]>): Map<string, Site[]> {
  const callers = new Map<string, Site[]>();
  for (const module of facts.modules()) {
    let sites = known.get(module);
    if (!sites) {
      sites = sitesOf(module);
      known.set(module, sites);
    }
    for (const site of sites) {
      const list = callers.get(site.target);
      if (list) list.push(site);
      else callers.set(site.target, [site]);
    }
  }
  return callers;
}

/** A function that calls itself is no caller of its own. */
function sitesOf(module: ModuleFacts): Site[] {
  return module.clauses.flatMap((clause) => {
    const caller = `${module.name}.${clause.name}/${clause.arity}`;
    return clause.calls.flatMap((call): Site[] => {
      const target = `${call.module ?? module.name}.${call.name}/${call.arity}`;
      return target === caller ? [] : [{ target, caller, inside: call.transaction !== null }];
    });
  });
}

/** `Module.name/arity` for each number of arguments that the function can be called with. */
function namesOf(module: ModuleFacts, clause: ClauseOfModule): string[] {
  const defaults = Math.max(
    ...(module.byName.get(clause.name) ?? []).map((head) => (head.arity === clause.arity ? head.defaults : 0)),
  );
  return Array.from({ length: defaults + 1 }, (_, i) => `${module.name}.${clause.name}/${clause.arity - i}`);
}
