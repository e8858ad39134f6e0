import { sameItems } from "../base/same-items.ts";
import type { ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import type { CallGraph } from "./calls/call-graph.ts";
import type { Link } from "./calls/link.ts";
import type { ClauseMemo } from "./clause-memo.ts";
import { effects } from "./effects/effects.ts";
import type { ByModule, FactSettings, Facts, View } from "./project.ts";

type Of<T> = (module: ModuleFacts) => T;

/**
 * Facts that take note of what is asked of them: what was concluded from the answers holds as long as `holds`. To find that
 * out costs next to nothing for names, which are most of it: only those that changed are compared.
 */
export class Lookup implements Facts {
  /** The revision at which everything was as it is noted here. */
  private checked: number;
  // Most lookups see little of this: what they do not see takes no memory.
  private names: Map<string, readonly ModuleFacts[]> | null = null;
  private views: Map<View<unknown>, unknown> | null = null;
  private answers: Map<View<ByModule<unknown>>, Map<ModuleFacts, unknown>> | null = null;
  private others: { readonly again: () => unknown; readonly found: unknown }[] | null = null;
  private called: { readonly graph: CallGraph; readonly clauses: Set<ClauseOfModule> } | null = null;

  constructor(private readonly facts: Facts) {
    this.checked = facts.revision;
  }

  get settings(): FactSettings {
    return this.facts.settings;
  }

  get revision(): number {
    return this.facts.revision;
  }

  changedNames(since: number): ReadonlySet<string> | null {
    return this.facts.changedNames(since);
  }

  named(name: string): readonly ModuleFacts[] {
    const found = this.facts.named(name);
    this.names ??= new Map();
    this.names.set(name, found);
    return found;
  }

  read<T>(view: View<T>): T {
    const found = this.facts.read(view);
    this.views ??= new Map();
    this.views.set(view, found);
    return found;
  }

  /** What a view by module says of one: of the rest of the view nothing is noted. */
  about<T>(view: View<ByModule<T>>, module: ModuleFacts): T {
    const answers = this.facts.read(view);
    const found = answers.of(module);
    if (answers.isFixed?.(module)) return found;
    this.answers ??= new Map();
    const known = this.answers.get(view);
    if (known) known.set(module, found);
    else this.answers.set(view, new Map([[module, found]]));
    return found;
  }

  /** The calls that may run the clause; their modules count as looked up. */
  callers(clause: ClauseOfModule): readonly Link[] {
    const { graph } = this.facts.read(effects);
    const links = [...graph.callers(clause)];
    this.called ??= { graph, clauses: new Set() };
    this.called.clauses.add(clause);
    for (const { module } of links) this.named(module.name);
    return links;
  }

  /** What the function gives, which is the same as long as its result is the same object. */
  ask<T>(again: () => T): T {
    const found = again();
    this.others ??= [];
    this.others.push({ again, found });
    return found;
  }

  modules(): readonly ModuleFacts[] {
    return this.ask(() => this.facts.modules());
  }

  collect<T>(of: (module: ModuleFacts, clauses: ClauseMemo) => readonly T[]): readonly T[] {
    return this.ask(() => this.facts.collect(of));
  }

  where(test: Of<boolean>): readonly ModuleFacts[] {
    return this.ask(() => this.facts.where(test));
  }

  having(keysOf: Of<Iterable<string>>, key: string): readonly ModuleFacts[] {
    return this.ask(() => this.facts.having(keysOf, key));
  }

  get clauses(): ClauseMemo {
    return this.facts.clauses;
  }

  once<T>(of: (module: ModuleFacts, clauses: ClauseMemo) => T, module: ModuleFacts): T {
    return this.facts.once(of, module);
  }

  /** True when nothing was asked whose answer may become another. */
  get isEmpty(): boolean {
    return !this.names && !this.views && !this.answers && !this.others && !this.called;
  }

  /** Takes over what another one, of the same revision, has noted. */
  add(other: Lookup): void {
    if (other.names) this.names ??= new Map();
    for (const [name, found] of other.names ?? NONE) this.names?.set(name, found);
    if (other.views) this.views ??= new Map();
    for (const [view, value] of other.views ?? NONE) this.views?.set(view, value);
    for (const [view, answers] of other.answers ?? NONE) {
      this.answers ??= new Map();
      const known = this.answers.get(view) ?? new Map<ModuleFacts, unknown>();
      for (const [module, answer] of answers) known.set(module, answer);
      this.answers.set(view, known);
    }
    if (other.others) this.others = [...(this.others ?? []), ...other.others];
    if (!other.called) return;
    const { graph, clauses } = other.called;
    this.called ??= { graph, clauses: new Set() };
    for (const clause of clauses) this.called.clauses.add(clause);
  }

  /** True as long as each question has the same answer. */
  get holds(): boolean {
    const { revision } = this.facts;
    if (this.checked === revision) return true;
    if (!this.viewsHold() || !this.namesHold() || !this.callersHold() || !this.answersHold()) return false;
    for (const { again, found } of this.others ?? NONE) if (again() !== found) return false;
    this.checked = revision;
    return true;
  }

  private viewsHold(): boolean {
    if (this.views) for (const [view, value] of this.views) if (this.facts.read(view) !== value) return false;
    return true;
  }

  private namesHold(): boolean {
    const { names } = this;
    if (!names) return true;
    const isSame = (name: string, found: readonly ModuleFacts[]): boolean => sameItems(this.facts.named(name), found);
    const changed = this.facts.changedNames(this.checked);
    if (!changed) return [...names].every(([name, found]) => isSame(name, found));
    for (const name of changed) {
      const found = names.get(name);
      if (found && !isSame(name, found)) return false;
    }
    return true;
  }

  private callersHold(): boolean {
    if (!this.called) return true;
    const { graph, clauses } = this.called;
    const changed = this.facts.read(effects).graph === graph ? graph.changedCallers(this.checked) : null;
    if (!changed) return false;
    for (const clause of changed) if (clauses.has(clause)) return false;
    return true;
  }

  private answersHold(): boolean {
    for (const [view, answers] of this.answers ?? NONE) {
      const now = this.facts.read(view);
      for (const [module, answer] of answers) if (now.of(module) !== answer) return false;
    }
    return true;
  }
}

const NONE: readonly never[] = [];
