import { sameSet } from "../../base/same-items.ts";
import type { CallFact, ClauseOfModule, Flow, ModuleFacts } from "../../facts/facts.ts";
import { dependence, parameterIndex } from "../../facts/flow-bits.ts";
import type { CallGraph, GraphChange } from "../calls/call-graph.ts";
import type { LibraryKindOf } from "../calls/library-modules.ts";
import type { Link, Target } from "../calls/link.ts";
import { DATABASE_EFFECTS, type DatabaseEffect, EFFECTS, type Effect } from "./effect.ts";
import { primitiveEffect } from "./libraries.ts";
import type { Hop, Hops, Witness } from "./witness.ts";

/** A step of a witness as the inference keeps it: a call, and the step that follows in what it runs. */
interface Step {
  readonly link: Link;
  readonly next: Step | null;
  readonly length: number;
}

/**
 * What a clause is known to do: a plain effect by its index in `EFFECTS`; or an effect on the database that depends on
 * one parameter of the clause, see `dependentKey`.
 */
type Key = number;
const DEPENDENT = 100;
const PARAMETERS = 32;

function dependentKey(effect: DatabaseEffect, parameter: number): Key {
  return DEPENDENT + PARAMETERS * DATABASE_EFFECTS.indexOf(effect) + parameterIndex(parameter);
}

type Steps = Map<ClauseOfModule, Map<Key, Step>>;

/**
 * Infers what clauses do, breadth first from the primitive calls outwards, so that the witness found first is a shortest
 * one. Among equally short ones the first call in the source is taken, then the target that comes first: so the outcome
 * does not depend on the order in which files were read. A step whose call and continuation are the same as before stays
 * the same object: by that it is known what has changed.
 *
 * After a change only the clauses that changed and those that reach them are inferred anew, from what the others are
 * known to do: nobody else's steps can lead through them.
 */
export class EffectInference {
  private readonly known: Steps = new Map();
  /** By clause, the parameters that it calls, or gives to somebody who does. */
  private invoking = new Map<ClauseOfModule, Set<number>>();
  private readonly invokers = new Map<ModuleFacts, readonly ClauseOfModule[]>();

  constructor(
    private readonly graph: CallGraph,
    private readonly kindOf: LibraryKindOf,
  ) {}

  /** Infers what the change makes necessary; returns the modules whose calls or functions now have other effects. */
  infer({ modules, changed, gone }: GraphChange): Set<ModuleFacts> {
    const touched = new Set([...changed, ...this.findInvoking(modules)]);
    const affected = this.reaching(touched);
    const before: Steps = new Map();
    for (const clause of [...affected.keys(), ...gone]) {
      const steps = this.known.get(clause);
      if (steps) before.set(clause, steps);
      this.known.delete(clause);
    }
    const levels = this.firstLevels(affected);
    for (let length = 1; length < levels.length; length++) {
      const level = levels[length];
      if (level) this.callersOf(this.settle(level, before), levels);
    }
    return this.differences(affected, before);
  }

  /** What the call does by itself or by what it runs. */
  ofCall(call: CallFact, effect: Effect): Witness | null {
    const key = EFFECTS.indexOf(effect);
    return this.shortest(
      call,
      effect,
      (own) => own === effect,
      (_, steps) => steps.get(key),
    );
  }

  /** True when `ofCall` has a witness: nothing is put together to say so. */
  does(call: CallFact, effect: Effect): boolean {
    const link = this.graph.linkOf(call);
    const key = EFFECTS.indexOf(effect);
    if (!link) return false;
    return this.primitive(link) === effect || link.targets.some(({ clause }) => this.known.get(clause)?.has(key));
  }

  /** The effect of the call on what the arguments whose flow meets the mask select. */
  dependingOn(call: CallFact, effect: DatabaseEffect, mask: Flow): Witness | null {
    const meets = (flow: Flow): boolean => (dependence(flow) & mask) !== 0;
    if (call.cached || !call.flows.some(meets)) return null;
    const stepOf = ({ certain, parameters }: Target, steps: Map<Key, Step>): Step | undefined => {
      if (!certain) return undefined;
      let best: Step | undefined;
      call.flows.forEach((flow, i) => {
        const parameter = parameters[i];
        const step = meets(flow) && parameter !== undefined ? steps.get(dependentKey(effect, parameter)) : undefined;
        if (step && (!best || step.length < best.length)) best = step;
      });
      return best;
    };
    const isOwn = (own: Effect): boolean =>
      onDatabase(own, call) === effect && (effect !== "db-preload" || meets(call.flows[0] ?? 0));
    return this.shortest(call, effect === "db-preload" ? "db-read" : effect, isOwn, stepOf);
  }

  ofClause(clause: ClauseOfModule, effect: Effect): Witness | null {
    const step = this.known.get(clause)?.get(EFFECTS.indexOf(effect));
    return step ? { effect, hops: hopsOf(step) } : null;
  }

  /** True when the call runs when its function does: at once, or in a closure that the function it is given to calls. */
  runs({ runs }: CallFact, clause: ClauseOfModule): boolean {
    if (typeof runs === "string") return runs === "inline";
    const receiver = clause.calls[runs.handedTo];
    if (!receiver) return false;
    return this.graph
      .targets(receiver)
      .some((target) => this.invoking.get(target.clause)?.has(target.parameters[runs.argument] ?? -1));
  }

  /**
   * Finds the parameters that are called, by the function itself or by one that it gives them to. Returns the clauses that
   * give a closure to a function which now treats it otherwise.
   */
  private findInvoking(modules: ReadonlySet<ModuleFacts>): ClauseOfModule[] {
    const before = this.invoking;
    this.invoking = new Map();
    const found: (readonly [ClauseOfModule, number])[] = [];
    const add = (clause: ClauseOfModule, parameter: number): void => {
      const known = this.invoking.get(clause);
      if (known?.has(parameter)) return;
      if (known) known.add(parameter);
      else this.invoking.set(clause, new Set([parameter]));
      found.push([clause, parameter]);
    };
    for (const module of modules) this.invokers.delete(module);
    for (const module of this.invokers.keys()) if (!this.graph.has(module)) this.invokers.delete(module);
    for (const module of modules)
      this.invokers.set(
        module,
        [...this.graph.clausesOf(module).keys()].filter(({ invokes }) => invokes.length > 0),
      );
    for (const clauses of this.invokers.values())
      for (const clause of clauses) for (const parameter of clause.invokes) add(clause, parameter);
    for (let next = found.pop(); next; next = found.pop()) {
      const [clause, parameter] = next;
      for (const { call, clause: caller, targets } of this.graph.callers(clause)) {
        if (call.runs !== "inline") continue;
        const arg = targets.find((target) => target.clause === clause)?.parameters.indexOf(parameter) ?? -1;
        const given = call.args[arg];
        if (given?.kind !== "variable") continue;
        const own = caller.params.findIndex((param) => param.kind === "variable" && param.name === given.name);
        if (own >= 0) add(caller, own);
      }
    }
    const others = [...new Set([...before.keys(), ...this.invoking.keys()])].filter(
      (clause) => !sameSet(before.get(clause) ?? NO_PARAMETERS, this.invoking.get(clause) ?? NO_PARAMETERS),
    );
    return others.flatMap((clause) => [...this.graph.callers(clause)].map((link) => link.clause));
  }

  /** The clauses and all that reach them by calls, each with its module. */
  private reaching(clauses: ReadonlySet<ClauseOfModule>): Map<ClauseOfModule, readonly Link[]> {
    const out = new Map<ClauseOfModule, readonly Link[]>();
    const open = [...clauses];
    for (let clause = open.pop(); clause; clause = open.pop()) {
      if (out.has(clause)) continue;
      out.set(
        clause,
        clause.calls.flatMap((call) => this.graph.linkOf(call) ?? []),
      );
      for (const link of this.graph.callers(clause)) if (!out.has(link.clause)) open.push(link.clause);
    }
    return out;
  }

  /** The steps, by length, that lead out of the affected clauses at once: primitive calls, and calls of the others. */
  private firstLevels(affected: ReadonlyMap<ClauseOfModule, readonly Link[]>): Steps[] {
    const levels: Steps[] = [];
    for (const links of affected.values()) {
      for (const link of links) {
        if (!this.runs(link.call, link.clause)) continue;
        const effect = this.primitive(link);
        if (effect) this.offerPrimitive(levels, effect, { link, next: null, length: 1 });
        for (const target of link.targets) {
          const steps = affected.has(target.clause) ? undefined : this.known.get(target.clause);
          for (const [key, next] of steps ?? []) this.passOn(levels, key, target, link, next);
        }
      }
    }
    return levels;
  }

  private offerPrimitive(levels: Steps[], effect: Effect, step: Step): void {
    this.offer(levels, EFFECTS.indexOf(effect), step);
    const { flows } = step.link.call;
    const database = onDatabase(effect, step.link.call);
    if (database === "db-preload") this.offerDependent(levels, database, flows[0] ?? 0, step);
    else if (database) for (const flow of flows) this.offerDependent(levels, database, flow, step);
  }

  /** What the call does by itself; in a module that uses a library, `get(…)` may be what the library gave it. */
  private primitive({ call, module, targets }: Link): Effect | null {
    if (call.module !== null || call.target !== null || targets.length > 0 || this.kindOf(module.name) === null)
      return primitiveEffect(call, this.kindOf);
    return primitiveEffect({ ...call, module: module.name }, this.kindOf);
  }

  /** Keeps the steps of a level for good, but for what is known by a shorter way, and returns them. */
  private settle(level: Steps, before: Steps): Steps {
    const settled: Steps = new Map();
    for (const [clause, steps] of level) {
      const former = before.get(clause);
      let known = this.known.get(clause);
      if (!known) {
        known = new Map();
        this.known.set(clause, known);
      }
      const kept = new Map<Key, Step>();
      for (const [key, step] of steps) {
        if (known.has(key)) continue;
        const same = former?.get(key);
        const settledStep = same && same.link === step.link && same.next === step.next ? same : step;
        known.set(key, settledStep);
        kept.set(key, settledStep);
      }
      settled.set(clause, kept);
    }
    return settled;
  }

  /** Adds to the levels what those do who call the clauses. */
  private callersOf(settled: Steps, levels: Steps[]): void {
    for (const [clause, steps] of settled) {
      if (steps.size === 0) continue;
      for (const link of this.graph.callers(clause)) {
        const target = link.targets.find((candidate) => candidate.clause === clause);
        if (!target || !this.runs(link.call, link.clause)) continue;
        for (const [key, next] of steps) this.passOn(levels, key, target, link, next);
      }
    }
  }

  /** An effect that depends on a parameter of what is called depends, for the caller, on what the argument depends on. */
  private passOn(levels: Steps[], key: Key, { certain, parameters }: Target, link: Link, next: Step): void {
    const step: Step = { link, next, length: next.length + 1 };
    if (key < DEPENDENT) {
      this.offer(levels, key, step);
      return;
    }
    const effect = DATABASE_EFFECTS[Math.floor((key - DEPENDENT) / PARAMETERS)];
    if (!certain || !effect) return;
    const parameter = (key - DEPENDENT) % PARAMETERS;
    link.call.flows.forEach((flow, i) => {
      if (parameterIndex(parameters[i] ?? -1) === parameter) this.offerDependent(levels, effect, flow, step);
    });
  }

  private offerDependent(levels: Steps[], effect: DatabaseEffect, whole: Flow, step: Step): void {
    const flow = dependence(whole);
    if (flow >> 1 === 0 || !spreads(effect, step.link)) return;
    for (let parameter = 0, rest = flow >> 1; rest !== 0; parameter++, rest >>= 1)
      if (rest & 1) this.offer(levels, dependentKey(effect, parameter), step);
  }

  /** Takes the step for its clause unless a better one is known. */
  private offer(levels: Steps[], key: Key, step: Step): void {
    const { clause } = step.link;
    if (this.known.get(clause)?.has(key)) return;
    let level = levels[step.length];
    if (!level) {
      level = new Map();
      levels[step.length] = level;
    }
    let steps = level.get(clause);
    if (!steps) {
      steps = new Map();
      level.set(clause, steps);
    }
    const other = steps.get(key);
    if (!other || comesBefore(step, other)) steps.set(key, step);
  }

  private shortest(
    call: CallFact,
    effect: Effect,
    isOwn: (own: Effect) => boolean,
    stepOf: (target: Target, steps: Map<Key, Step>) => Step | undefined,
  ): Witness | null {
    const link = this.graph.linkOf(call);
    if (!link) return null;
    const own = this.primitive(link);
    if (own !== null && isOwn(own)) return { effect, hops: [link] };
    let best: Step | undefined;
    for (const target of link.targets) {
      const steps = this.known.get(target.clause);
      const step = steps ? stepOf(target, steps) : undefined;
      if (step && (!best || step.length < best.length || (step.length === best.length && comesBefore(step, best))))
        best = step;
    }
    return best ? { effect, hops: [link, ...hopsOf(best)] } : null;
  }

  private differences(affected: ReadonlyMap<ClauseOfModule, unknown>, before: Steps): Set<ModuleFacts> {
    const changed = new Set<ModuleFacts>();
    for (const clause of affected.keys()) {
      const steps = this.known.get(clause);
      const former = before.get(clause);
      if (sameSteps(steps ?? NO_STEPS, former ?? NO_STEPS)) continue;
      for (const step of (steps ?? former)?.values() ?? []) changed.add(step.link.module);
      for (const link of this.graph.callers(clause)) changed.add(link.module);
    }
    return changed;
  }
}

const NO_STEPS: ReadonlyMap<Key, Step> = new Map();
const NO_PARAMETERS: ReadonlySet<number> = new Set();

/** What an effect of a call on the database is called where elements are looked at; null for other effects. */
function onDatabase(effect: Effect, { name }: CallFact): DatabaseEffect | null {
  if (effect === "db-read") return name === "preload" ? "db-preload" : effect;
  return effect === "db-write" ? effect : null;
}

/**
 * False for a query in a loop of the function itself, as that loop is where it is to be mended, and for what is done only
 * when a cache does not know the answer.
 */
function spreads(effect: DatabaseEffect, { clause, call }: Link): boolean {
  if (call.cached) return false;
  const loop = clause.loops[call.loop];
  const perElement = call.flows.some((flow) => flow & 1);
  return effect === "db-write" || !loop || !perElement || loop.chunked || loop.fixed;
}

function hopsOf(step: Step): Hops {
  const hops: [Hop, ...Hop[]] = [step.link];
  for (let next = step.next; next; next = next.next) hops.push(next.link);
  return hops;
}

/** An order on the steps of equal length of one clause: by place in the source, of the call, then of what it runs. */
function comesBefore(a: Step, b: Step): boolean {
  for (let [x, y]: [Step | null, Step | null] = [a, b]; x && y && x !== y; x = x.next, y = y.next) {
    const order = compare(x.link, y.link);
    if (order !== 0) return order < 0;
  }
  return false;
}

function compare(a: Link, b: Link): number {
  if (a.module.path !== b.module.path) return a.module.path < b.module.path ? -1 : 1;
  return a.clause.form - b.clause.form || a.call.at - b.call.at;
}

function sameSteps(a: ReadonlyMap<Key, Step>, b: ReadonlyMap<Key, Step>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, step] of a) if (b.get(key) !== step) return false;
  return true;
}
