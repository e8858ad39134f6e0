import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";
import { repos } from "../repos.ts";
import { type Effect, primitiveEffect } from "./primitives.ts";

/** One step on the way from a function to the primitive call: who calls, and the call. */
export interface Hop {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

/** The shortest way from a function to a call that has the effect; the last hop is that call. */
export interface Witness {
  readonly effect: Effect;
  readonly hops: readonly Hop[];
}

/** The effects of the functions of one module, by `name/arity`, following calls within the module. */
export type LocalEffects = (module: ModuleFacts, name: string, arity: number, effect: Effect) => Witness | null;

export const localEffects: View<LocalEffects> = {
  name: "local effects",
  slices: ["functions", "uses"],
  compute(facts) {
    const isRepo = facts.read(repos);
    const known = new WeakMap<ModuleFacts, Map<string, Witness>>();
    return (module, name, arity, effect) => {
      let witnesses = known.get(module);
      if (!witnesses) {
        witnesses = infer(module, (call) => primitiveEffect(call, isRepo));
        known.set(module, witnesses);
      }
      return witnesses.get(`${name}/${arity} ${effect}`) ?? null;
    };
  },
};

/** The clauses that a local call of `name/arity` may run, defaults counted. */
export function clausesOf(module: ModuleFacts, name: string, arity: number): ClauseOfModule[] {
  return module.clauses.filter(
    (clause) => clause.name === name && clause.arity >= arity && clause.arity - clause.defaults <= arity,
  );
}

/** True when the call is of a function of the module itself, and runs when its clause runs. */
export function isLocalCall(module: ModuleFacts, call: CallFact): boolean {
  return call.module === null || call.module === module.name;
}

/**
 * Breadth first from the primitive calls outwards, so that the first witness found is a shortest one. An effect counts
 * for a caller only when it depends on what the caller passes: what does the same for every element can be hoisted.
 */
function infer(module: ModuleFacts, primitive: (call: CallFact) => Effect | null): Map<string, Witness> {
  const found = new Map<string, Witness>();
  const arities = (clause: ClauseOfModule): number[] =>
    Array.from({ length: clause.defaults + 1 }, (_, i) => clause.arity - i);
  let frontier: { clause: ClauseOfModule; witness: Witness }[] = [];
  const reach = (clause: ClauseOfModule, witness: Witness, next: typeof frontier): void => {
    let fresh = false;
    for (const arity of arities(clause)) {
      const key = `${clause.name}/${arity} ${witness.effect}`;
      if (found.has(key)) continue;
      found.set(key, witness);
      fresh = true;
    }
    if (fresh) next.push({ clause, witness });
  };
  for (const clause of module.clauses) {
    for (const call of clause.calls) {
      const effect = call.runs === "inline" && call.parameter ? primitive(call) : null;
      if (effect) reach(clause, { effect, hops: [{ clause, call }] }, frontier);
    }
  }
  const callers = new Map<string, Hop[]>();
  for (const clause of module.clauses) {
    for (const call of clause.calls) {
      if (call.runs !== "inline" || !call.parameter || !isLocalCall(module, call)) continue;
      const key = `${call.name}/${call.arity}`;
      callers.set(key, [...(callers.get(key) ?? []), { clause, call }]);
    }
  }
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { clause, witness } of frontier) {
      for (const arity of arities(clause)) {
        for (const hop of callers.get(`${clause.name}/${arity}`) ?? []) {
          reach(hop.clause, { effect: witness.effect, hops: [hop, ...witness.hops] }, next);
        }
      }
    }
    frontier = next;
  }
  return found;
}
