import { shortName } from "../base/module-name.ts";
import type { Range } from "../base/range.ts";
import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import type { Link } from "../project/calls/link.ts";
import { EFFECTS, type Effect, VERBS } from "../project/effects/effect.ts";
import { type Effects, effects } from "../project/effects/effects.ts";
import { nameOfCall, type Witness } from "../project/effects/witness.ts";
import { rangeOf } from "./analysis.ts";
import type { MixProject } from "./mix-project.ts";

/** A range in a file, by UTF-16 offsets. */
export interface Location extends Range {
  readonly path: string;
}

/** An effect of what stands at a place, with the shortest way to the call that causes it. */
export interface EffectPath {
  readonly effect: Effect;
  /** "reads the database" */
  readonly verb: string;
  /** What calls what: the first is the call at the place, or the first call of the function there. */
  readonly hops: readonly { readonly name: string; readonly location: Location }[];
}

/** What is known of the call or the function at a place. */
export interface Inspection {
  /** `Accounts.list_orders/1` */
  readonly name: string;
  readonly range: Range;
  readonly paths: readonly EffectPath[];
}

/** A function of the project, as the call hierarchy shows it. */
export interface FunctionItem {
  readonly module: string;
  readonly name: string;
  readonly arity: number;
  /** The head of its first clause. */
  readonly location: Location;
}

export interface CallsBetween {
  readonly function: FunctionItem;
  /** Where the calls stand. */
  readonly calls: readonly Location[];
}

/** Answers questions about a project's calls and effects, as of its last refresh. */
export class Inspector {
  private readonly known: Effects;

  constructor(private readonly project: MixProject) {
    this.known = project.project.read(effects);
  }

  /** What the call or function at the offset does; null where there is neither, or nothing is known of it. */
  at(path: string, offset: number): Inspection | null {
    const place = this.placeAt(path, offset);
    if (!place) return null;
    const { module, clause, call, range } = place;
    const known = this.known.of(module);
    const paths = EFFECTS.flatMap((effect): EffectPath[] => {
      const witness = call ? known.of(call, effect) : this.ofFunction(module, clause, effect);
      return witness ? [{ effect, verb: VERBS[effect], hops: this.hopsOf(witness) }] : [];
    });
    const own = `${shortName(module.name)}.${clause.name}/${clause.arity}`;
    return paths.length > 0 ? { name: call ? nameOfCall(call) : own, range, paths } : null;
  }

  /** The functions that the call at the offset may run, or the one whose head stands there. */
  functionsAt(path: string, offset: number): FunctionItem[] {
    const place = this.placeAt(path, offset);
    if (!place) return [];
    const targets = place.call ? this.known.graph.targets(place.call) : [place];
    return distinct(targets.flatMap(({ module, clause }) => this.itemOf(module, clause) ?? []));
  }

  /** Who calls the function. */
  incoming(item: FunctionItem): CallsBetween[] {
    const links = this.clausesOf(item).flatMap(({ clause }) => [...this.known.graph.callers(clause)]);
    return this.grouped(links, (link) => [{ module: link.module, clause: link.clause }]);
  }

  /** What the function calls, as far as it is the project's. */
  outgoing(item: FunctionItem): CallsBetween[] {
    const links = this.clausesOf(item).flatMap(
      ({ module, clause }) => this.known.graph.clausesOf(module).get(clause) ?? [],
    );
    return this.grouped(links, (link) => link.targets);
  }

  private grouped(
    links: readonly Link[],
    others: (link: Link) => readonly { readonly module: ModuleFacts; readonly clause: ClauseOfModule }[],
  ): CallsBetween[] {
    const out = new Map<string, { function: FunctionItem; calls: Location[] }>();
    for (const link of links) {
      const calls = this.locationOf({ path: link.module.path, form: link.clause.form, at: link.call.at });
      if (!calls) continue;
      for (const item of distinct(others(link).flatMap(({ module, clause }) => this.itemOf(module, clause) ?? []))) {
        const entry = out.get(keyOf(item)) ?? { function: item, calls: [] };
        if (!entry.calls.some((other) => other.path === calls.path && other.start === calls.start))
          entry.calls.push(calls);
        out.set(keyOf(item), entry);
      }
    }
    return [...out.values()];
  }

  private clausesOf(item: FunctionItem): { module: ModuleFacts; clause: ClauseOfModule }[] {
    const modules = this.project.project.named(item.module).filter(({ path }) => path === item.location.path);
    return modules.flatMap((module) =>
      [...this.known.graph.clausesOf(module).keys()]
        .filter((clause) => clause.name === item.name && clause.arity === item.arity)
        .map((clause) => ({ module, clause })),
    );
  }

  private itemOf(module: ModuleFacts, { name, arity }: ClauseOfModule): FunctionItem | null {
    const all = [...this.known.graph.clausesOf(module).keys()];
    const first = all.find((clause) => clause.name === name && clause.arity === arity);
    const location = first && this.locationOf({ path: module.path, form: first.form, at: first.at });
    return location ? { module: module.name, name, arity, location } : null;
  }

  /** The effect of a function: that of the clause from which the way is shortest. */
  private ofFunction(module: ModuleFacts, { name, arity }: ClauseOfModule, effect: Effect): Witness | null {
    let best: Witness | null = null;
    for (const clause of module.byName.get(name) ?? []) {
      const witness = clause.arity === arity ? this.known.of(module).ofClause(clause, effect) : null;
      if (witness && (!best || witness.hops.length < best.hops.length)) best = witness;
    }
    return best;
  }

  private hopsOf(witness: Witness): EffectPath["hops"] {
    return witness.hops.flatMap(({ module, clause, call }) => {
      const location = this.locationOf({ path: module.path, form: clause.form, at: call.at });
      return location ? [{ name: nameOfCall(call), location }] : [];
    });
  }

  private locationOf(at: Anchor): Location | null {
    const range = rangeOf(this.project.files.get(at.path), at);
    return range && { path: at.path, ...range };
  }

  /** The innermost call around the offset, or the function whose name stands there. */
  private placeAt(path: string, offset: number): Place | null {
    const file = this.project.files.get(path);
    const index = file?.forms.forms.findIndex((form) => form.start <= offset && offset <= form.end) ?? -1;
    for (const module of file?.modules ?? []) {
      for (const clause of this.known.graph.clausesOf(module).keys()) {
        if (clause.form !== index) continue;
        const place = this.placeIn(module, clause, offset);
        if (place) return place;
      }
    }
    return null;
  }

  private placeIn(module: ModuleFacts, clause: ClauseOfModule, offset: number): Place | null {
    const covers = (at: number): Range | null => {
      const range = rangeOf(this.project.files.get(module.path), { path: module.path, form: clause.form, at });
      return range && range.start <= offset && offset <= range.end ? range : null;
    };
    const head = covers(clause.at);
    if (head) return { module, clause, call: null, range: head };
    let best: Place | null = null;
    for (const call of clause.calls) {
      const range = covers(call.at);
      if (range && (!best || range.end - range.start < best.range.end - best.range.start))
        best = { module, clause, call, range };
    }
    return best;
  }
}

interface Place {
  readonly module: ModuleFacts;
  readonly clause: ClauseOfModule;
  readonly call: CallFact | null;
  readonly range: Range;
}

function keyOf(item: FunctionItem): string {
  return `${item.location.path} ${item.module}.${item.name}/${item.arity}`;
}

function distinct(items: readonly FunctionItem[]): FunctionItem[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
