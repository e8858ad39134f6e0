import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import type { View } from "../project.ts";
import { repos } from "../repos.ts";
import { clausesFor } from "../servers.ts";
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

/** What a call of a function of the module does for the arguments it gives, following calls within the module. */
export type LocalEffects = (module: ModuleFacts, call: CallFact, effect: Effect) => Witness | null;

export const localEffects: View<LocalEffects> = {
  name: "local effects",
  slices: ["functions", "uses"],
  compute(facts) {
    const isRepo = facts.read(repos);
    const known = new WeakMap<ModuleFacts, ModuleEffects>();
    return (module, call, effect) => {
      let effects = known.get(module);
      if (!effects) {
        effects = infer(module, (inner) => primitiveEffect(inner, isRepo));
        known.set(module, effects);
      }
      let shortest: Witness | null = null;
      for (const clause of clausesForAny(module, call)) {
        const witness = effects[effect].get(clause);
        if (witness && (!shortest || witness.hops.length < shortest.hops.length)) shortest = witness;
      }
      return shortest;
    };
  },
};

/** The clauses that a local call of `name/arity` may run, those that a bodiless head with defaults speaks for included. */
export function clausesOf(module: ModuleFacts, name: string, arity: number): ClauseOfModule[] {
  return [...new Set(clausesFor(module, name, arity, []).map((target) => target.clause))];
}

/** True when the call is of a function of the module itself, and runs when its clause runs. */
export function isLocalCall(module: ModuleFacts, call: CallFact): boolean {
  return call.module === null || call.module === module.name;
}

/** The clauses that the call may run, whatever its arguments turn out to be. */
function clausesForAny(module: ModuleFacts, call: CallFact): ClauseOfModule[] {
  const clauses = new Set(clausesFor(module, call.name, call.arity, call.args).map((target) => target.clause));
  return [...clauses].filter((clause) => !isForOneKind(module, clause, call));
}

/**
 * True when the clause is for one kind of value only, where another is for another kind, and the call does not say which
 * it has: `filter(query, "name", value)` beside `filter(query, "phone", value)`, `queue(%Post{})` beside `queue(%Feed{})`.
 * What such a clause does is not done for every element.
 */
function isForOneKind(module: ModuleFacts, clause: ClauseOfModule, call: CallFact): boolean {
  return clause.params.some((param, i) => {
    const kind = kindOf(param);
    if (kind === null || kindOf(call.args[i]) !== null) return false;
    return (module.byName.get(clause.name) ?? []).some((other) => {
      if (other.arity !== clause.arity) return false;
      const otherKind = kindOf(other.params[i]);
      return otherKind !== null && otherKind !== kind;
    });
  });
}

/** What a pattern tells values apart by: a name, or the struct. Whether there is a value, or a result, is no kind. */
function kindOf(shape: Shape | undefined): string | null {
  switch (shape?.kind) {
    case "atom":
      return /^(?:nil|true|false|ok|error)$/.test(shape.value) ? null : shape.value;
    case "string":
    case "module":
      return shape.value;
    case "map":
      return shape.struct;
    case "tuple":
      return kindOf(shape.items[0]);
    default:
      return null;
  }
}

type ModuleEffects = Readonly<Record<Effect, Map<ClauseOfModule, Witness>>>;

/**
 * Breadth first from the primitive calls outwards, so that the first witness found is a shortest one. An effect counts
 * for a caller only when it depends on what the caller passes: what does the same for every element can be hoisted.
 */
function infer(module: ModuleFacts, primitive: (call: CallFact) => Effect | null): ModuleEffects {
  const found: ModuleEffects = { "db-read": new Map(), "db-write": new Map() };
  const callers = new Map<ClauseOfModule, Hop[]>();
  let frontier: Hop[] = [];
  for (const clause of module.clauses) {
    for (const call of clause.calls) {
      if (call.runs !== "inline" || !call.parameter) continue;
      const effect = primitive(call);
      if (effect) {
        if (spreads(effect, clause, call) && !found[effect].has(clause)) {
          found[effect].set(clause, { effect, hops: [{ clause, call }] });
          frontier.push({ clause, call });
        }
      } else if (isLocalCall(module, call)) {
        for (const target of clausesForAny(module, call))
          callers.set(target, [...(callers.get(target) ?? []), { clause, call }]);
      }
    }
  }
  while (frontier.length > 0) {
    const next: Hop[] = [];
    for (const { clause } of frontier) {
      for (const hop of callers.get(clause) ?? []) {
        for (const effect of ["db-read", "db-write"] as const) {
          const witness = found[effect].get(clause);
          if (!witness || found[effect].has(hop.clause) || !spreads(effect, hop.clause, hop.call)) continue;
          found[effect].set(hop.clause, { effect, hops: [hop, ...witness.hops] });
          next.push(hop);
        }
      }
    }
    frontier = next;
  }
  return found;
}

/** False for a query in a loop of the function itself: that loop is where it is to be mended. */
function spreads(effect: Effect, clause: ClauseOfModule, call: CallFact): boolean {
  const loop = clause.loops[call.loop];
  return effect === "db-write" || !loop || !call.element || loop.chunked || loop.fixed;
}
