import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { ELEMENT } from "../../facts/flow-bits.ts";
import { CallGraph } from "../calls/call-graph.ts";
import { type LibraryKindOf, libraryKinds } from "../calls/library-modules.ts";
import type { Target } from "../calls/link.ts";
import type { ByModule, Facts, View } from "../project.ts";
import type { DatabaseEffect, Effect } from "./effect.ts";
import { EffectInference } from "./inference.ts";
import type { Witness } from "./witness.ts";

/** What the calls and functions of one module do, whoever does it for them. */
export interface ModuleEffects {
  /** What the call itself does, or what it runs; null for none. Whether the call runs at once is not asked. */
  of(call: CallFact, effect: Effect): Witness | null;
  /** True when `of` has something to say; nothing is put together to find that out. */
  does(call: CallFact, effect: Effect): boolean;
  /**
   * The same for each element of the loop around the call: null when what is done does not depend on the element, or when
   * a cache is asked first.
   */
  perElement(call: CallFact, effect: DatabaseEffect): Witness | null;
  /** The same where what is done depends on what the function around the call is given. */
  perArgument(call: CallFact, effect: DatabaseEffect): Witness | null;
  /** True when the call runs when its function does: not in another process, and not in a closure that nobody calls. */
  runs(call: CallFact, clause: ClauseOfModule): boolean;
  /** What calling the clause does. */
  ofClause(clause: ClauseOfModule, effect: Effect): Witness | null;
  /** The clauses of the project that the call may run. */
  targets(call: CallFact): readonly Target[];
}

export interface Effects extends ByModule<ModuleEffects> {
  /** Who calls whom. */
  readonly graph: CallGraph;
}

class InferredEffects implements Effects {
  readonly graph = new CallGraph();
  private readonly inference: EffectInference;
  private readonly answers = new WeakMap<ModuleFacts, ModuleEffects>();

  constructor(readonly kindOf: LibraryKindOf) {
    this.inference = new EffectInference(this.graph, kindOf);
  }

  of(module: ModuleFacts): ModuleEffects {
    let answer = this.answers.get(module);
    if (!answer) {
      answer = answerFrom(this.inference, this.graph);
      this.answers.set(module, answer);
    }
    return answer;
  }

  /** True for what calls nothing and is called by nobody. */
  isFixed({ clauses }: ModuleFacts): boolean {
    return clauses.length === 0;
  }

  /** Brings everything up to date; modules of which something else is to be said get a new answer. */
  update(facts: Facts): void {
    const change = this.graph.update(facts);
    // Of those that are no more, too: who asked about them has to ask anew.
    for (const module of [...change.modules, ...change.left]) this.answers.delete(module);
    for (const module of this.inference.infer(change)) this.answers.delete(module);
  }
}

function answerFrom(inference: EffectInference, graph: CallGraph): ModuleEffects {
  return {
    of: (call, effect) => inference.ofCall(call, effect),
    does: (call, effect) => inference.does(call, effect),
    perElement: (call, effect) => inference.dependingOn(call, effect, ELEMENT),
    perArgument: (call, effect) => inference.dependingOn(call, effect, ~ELEMENT),
    runs: (call, clause) => inference.runs(call, clause),
    ofClause: (clause, effect) => inference.ofClause(clause, effect),
    targets: (call) => graph.targets(call),
  };
}

/**
 * The effects of all functions of the project, inferred over the call graph to a fixpoint. What is not known to have an
 * effect has none. The value keeps itself up to date and is a new one only when the modules of libraries are others, so
 * `cx.read(effects)` would miss changes: rules ask `cx.about(effects, module)`.
 */
export const effects: View<Effects> = {
  name: "effects",
  slices: ["functions", "uses", "quoted"],
  compute(facts, previous) {
    const kindOf = facts.read(libraryKinds);
    const value =
      previous instanceof InferredEffects && previous.kindOf === kindOf ? previous : new InferredEffects(kindOf);
    value.update(facts);
    return value;
  },
};
