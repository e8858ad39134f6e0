import type { CallFact, ClauseOfModule, Flow, ModuleFacts } from "../../facts/facts.ts";
import type { CallGraph, Link, Target } from "../call-graph.ts";
import type { LibraryKindOf } from "../library-modules.ts";
import { EFFECTS, type Effect } from "./effect.ts";
import { primitiveEffect } from "./libraries.ts";
import type { Hop, Witness } from "./witness.ts";

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
const LAST_PARAMETER = 28;
const PARAMETERS = 32;
const READ = EFFECTS.indexOf("db-read");

export type DatabaseEffect = "db-read" | "db-write";

function dependentKey(effect: number, parameter: number): Key {
  return DEPENDENT + PARAMETERS * (effect === READ ? 0 : 1) + Math.min(parameter, LAST_PARAMETER);
}

type Steps = Map<ClauseOfModule, Map<Key, Step>>;

/**
 * Infers what clauses do, breadth first from the primitive calls outwards, so that the witness found first is a shortest
 * one. Among equally short ones the first call in the source is taken, then the target that comes first: so the outcome
 * does not depend on the order in which files were read. A step whose call and continuation are the same as before stays
 * the same object: by that it is known what has changed.
 */
export class EffectInference {
  private known: Steps = new Map();
  private readonly primitives = new Map<ModuleFacts, readonly Link[]>();
  private invoking = new Map<ClauseOfModule, Set<number>>();

  constructor(
    private readonly graph: CallGraph,
    private readonly kindOf: LibraryKindOf,
  ) {}

  /** Infers anew; returns the modules whose calls or functions now have other effects. `linked` are those linked anew. */
  infer(linked: ReadonlySet<ModuleFacts>): Set<ModuleFacts> {
    this.findInvoking();
    this.findPrimitives(linked);
    const before = this.known;
    this.known = new Map();
    let level = this.primitiveSteps();
    while (level.size > 0) level = this.callersOf(this.settle(level, before));
    return this.differences(before);
  }

  /** What the call does by itself or by what it runs. */
  ofCall(call: CallFact, effect: Effect): Witness | null {
    const key = EFFECTS.indexOf(effect);
    return this.shortest(call, effect, (_, steps) => steps.get(key));
  }

  /** The effect of the call on what the arguments whose flow meets the mask select. */
  dependingOn(call: CallFact, effect: DatabaseEffect, mask: Flow): Witness | null {
    const meets = (flow: Flow): boolean => (flow & mask) !== 0;
    if (!call.flows.some(meets)) return null;
    const index = EFFECTS.indexOf(effect);
    const stepOf = ({ certain, parameters }: Target, steps: Map<Key, Step>): Step | undefined => {
      if (!certain) return undefined;
      let best: Step | undefined;
      call.flows.forEach((flow, i) => {
        const parameter = parameters[i];
        const step = meets(flow) && parameter !== undefined ? steps.get(dependentKey(index, parameter)) : undefined;
        if (step && (!best || step.length < best.length)) best = step;
      });
      return best;
    };
    return this.shortest(call, effect, stepOf);
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

  /** Finds the parameters that are called, by the function itself or by one that it gives them to. */
  private findInvoking(): void {
    this.invoking = new Map();
    const found: (readonly [ClauseOfModule, number])[] = [];
    const add = (clause: ClauseOfModule, parameter: number): void => {
      const known = this.invoking.get(clause);
      if (known?.has(parameter)) return;
      if (known) known.add(parameter);
      else this.invoking.set(clause, new Set([parameter]));
      found.push([clause, parameter]);
    };
    for (const module of this.graph.modules())
      for (const clause of module.clauses) for (const parameter of clause.invokes) add(clause, parameter);
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
  }

  private findPrimitives(linked: ReadonlySet<ModuleFacts>): void {
    const present = new Set(this.graph.modules());
    for (const module of this.primitives.keys()) if (!present.has(module)) this.primitives.delete(module);
    for (const module of present) {
      if (this.primitives.has(module) && !linked.has(module)) continue;
      this.primitives.set(
        module,
        this.graph.linksOf(module).filter(({ call }) => primitiveEffect(call, this.kindOf) !== null),
      );
    }
  }

  private primitiveSteps(): Steps {
    const level: Steps = new Map();
    for (const links of this.primitives.values()) {
      for (const link of links) {
        const effect = primitiveEffect(link.call, this.kindOf);
        if (!effect || !this.runs(link.call, link.clause)) continue;
        const step: Step = { link, next: null, length: 1 };
        const index = EFFECTS.indexOf(effect);
        this.offer(level, index, step);
        if (effect !== "db-read" && effect !== "db-write") continue;
        for (const flow of link.call.flows) this.offerDependent(level, index, flow, step);
      }
    }
    return level;
  }

  /** Keeps the steps of a level for good and returns those. */
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
        const same = former?.get(key);
        const settledStep = same && same.link === step.link && same.next === step.next ? same : step;
        known.set(key, settledStep);
        kept.set(key, settledStep);
      }
      settled.set(clause, kept);
    }
    return settled;
  }

  /** The next level: what those do who call the clauses of this one. */
  private callersOf(settled: Steps): Steps {
    const level: Steps = new Map();
    for (const [clause, steps] of settled) {
      for (const link of this.graph.callers(clause)) {
        if (!this.runs(link.call, link.clause)) continue;
        const target = link.targets.find((candidate) => candidate.clause === clause);
        for (const [key, next] of steps) {
          const step: Step = { link, next, length: next.length + 1 };
          if (key < DEPENDENT) this.offer(level, key, step);
          else if (target?.certain) this.passOn(level, key, target, step);
        }
      }
    }
    return level;
  }

  /** An effect that depends on a parameter of what is called depends, for the caller, on what the argument depends on. */
  private passOn(level: Steps, key: Key, { parameters }: Target, step: Step): void {
    const effect = key - DEPENDENT < PARAMETERS ? READ : EFFECTS.indexOf("db-write");
    const parameter = (key - DEPENDENT) % PARAMETERS;
    const { call } = step.link;
    call.flows.forEach((flow, i) => {
      if (Math.min(parameters[i] ?? -1, LAST_PARAMETER) === parameter) this.offerDependent(level, effect, flow, step);
    });
  }

  private offerDependent(level: Steps, effect: number, flow: Flow, step: Step): void {
    if (!spreads(effect, step.link)) return;
    for (let parameter = 0, rest = flow >> 1; rest !== 0; parameter++, rest >>= 1)
      if (rest & 1) this.offer(level, dependentKey(effect, parameter), step);
  }

  /** Takes the step for its clause unless a better one is known. */
  private offer(level: Steps, key: Key, step: Step): void {
    const { clause } = step.link;
    if (this.known.get(clause)?.has(key)) return;
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
    stepOf: (target: Target, steps: Map<Key, Step>) => Step | undefined,
  ): Witness | null {
    const link = this.graph.linkOf(call);
    if (!link) return null;
    if (primitiveEffect(call, this.kindOf) === effect) return { effect, hops: [link] };
    let best: Step | undefined;
    for (const target of link.targets) {
      const steps = this.known.get(target.clause);
      const step = steps ? stepOf(target, steps) : undefined;
      if (step && (!best || step.length < best.length || (step.length === best.length && comesBefore(step, best))))
        best = step;
    }
    return best ? { effect, hops: [link, ...hopsOf(best)] } : null;
  }

  private differences(before: Steps): Set<ModuleFacts> {
    const changed = new Set<ModuleFacts>();
    const note = (clause: ClauseOfModule, steps: ReadonlyMap<Key, Step>): void => {
      for (const step of steps.values()) changed.add(step.link.module);
      for (const link of this.graph.callers(clause)) changed.add(link.module);
    };
    for (const [clause, steps] of this.known) {
      const former = before.get(clause);
      if (!former || !sameSteps(steps, former)) note(clause, steps);
    }
    for (const [clause, steps] of before) if (!this.known.has(clause)) note(clause, steps);
    return changed;
  }
}

/** False for a query in a loop of the function itself: that loop is where it is to be mended. */
function spreads(effect: number, { clause, call }: Link): boolean {
  const loop = clause.loops[call.loop];
  const perElement = call.flows.some((flow) => flow & 1);
  return effect !== READ || !loop || !perElement || loop.chunked || loop.fixed;
}

function hopsOf(step: Step): [Hop, ...Hop[]] {
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
