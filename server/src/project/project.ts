import type { ClauseOfModule, ModuleFacts } from "../facts/facts.ts";

/** A kind of fact. A view names the kinds that it reads, so that a change of another kind leaves it alone. */
export type Slice = "uses" | "quoted" | "schemas" | "migrations" | "queries" | "functions" | "packages" | "tests";

const SLICES: readonly Slice[] = [
  "uses",
  "quoted",
  "schemas",
  "migrations",
  "queries",
  "functions",
  "packages",
  "tests",
];

/** What a view may read. */
export interface Facts {
  /** All modules, in the order of their files' paths. */
  modules(): readonly ModuleFacts[];
  /** The modules with that name: more than one when two files, or two apps of an umbrella, define it. */
  named(name: string): readonly ModuleFacts[];
  read<T>(view: View<T>): T;
  /** What a function of one module's facts gives, computed once as long as the module stays the same. */
  once<T>(of: (module: ModuleFacts) => T, module: ModuleFacts): T;
}

/** Knowledge computed from the facts of all files; a pure function of the slices that it names. */
export interface View<T> {
  readonly name: string;
  /** Every slice it depends on, those of the views that it reads included. */
  readonly slices: readonly Slice[];
  /** `previous` is the last value, to be given back when nothing that matters has changed. */
  compute(facts: Facts, previous: T | null): T;
}

/**
 * The value of a view that has an answer for each module. As long as the answer for a module means the same it is the
 * same object, in the next value of the view too: by that, rules on other modules know that they need not run again.
 */
export interface ByModule<T> {
  of(module: ModuleFacts): T;
}

/** The facts of all files of a project, and the views on them, computed when read and kept until their slices change. */
export class Project implements Facts {
  private readonly files = new Map<string, readonly ModuleFacts[]>();
  private readonly revisions = new Map<Slice, number>(SLICES.map((slice) => [slice, 0]));
  private readonly memo = new Map<View<unknown>, { stamp: string; value: unknown; checked: number }>();
  private readonly ofModules = new WeakMap<ModuleFacts, Map<unknown, unknown>>();
  /** Counts the changes of any slice. */
  private revision = 0;
  private ordered: readonly ModuleFacts[] | null = null;
  private byName: Map<string, ModuleFacts[]> | null = null;
  /** How often each view was computed, by name: benchmarks and tests read it. */
  readonly computed = new Map<string, number>();

  /** Replaces the facts of a file; an empty list forgets it. */
  set(path: string, modules: readonly ModuleFacts[]): void {
    const before = this.files.get(path) ?? [];
    if (modules.length > 0) this.files.set(path, modules);
    else this.files.delete(path);
    this.ordered = null;
    this.byName = null;
    this.revision++;
    for (const slice of SLICES) {
      if (!sameSlice(slice, before, modules)) this.revisions.set(slice, (this.revisions.get(slice) ?? 0) + 1);
    }
  }

  modules(): readonly ModuleFacts[] {
    this.ordered ??= [...this.files.keys()].sort().flatMap((path) => this.files.get(path) ?? []);
    return this.ordered;
  }

  modulesOf(path: string): readonly ModuleFacts[] {
    return this.files.get(path) ?? [];
  }

  named(name: string): readonly ModuleFacts[] {
    if (!this.byName) {
      this.byName = new Map();
      for (const module of this.modules()) {
        const list = this.byName.get(module.name);
        if (list) list.push(module);
        else this.byName.set(module.name, [module]);
      }
    }
    return this.byName.get(name) ?? [];
  }

  read<T>(view: View<T>): T {
    const kept = this.memo.get(view as View<unknown>);
    if (kept?.checked === this.revision) return kept.value as T;
    const stamp = view.slices.map((slice) => this.revisions.get(slice)).join();
    if (kept?.stamp === stamp) {
      kept.checked = this.revision;
      return kept.value as T;
    }
    this.computed.set(view.name, (this.computed.get(view.name) ?? 0) + 1);
    const value = view.compute(this, (kept?.value ?? null) as T | null);
    this.memo.set(view as View<unknown>, { stamp, value, checked: this.revision });
    return value;
  }

  once<T>(of: (module: ModuleFacts) => T, module: ModuleFacts): T {
    let answers = this.ofModules.get(module);
    if (!answers) {
      answers = new Map();
      this.ofModules.set(module, answers);
    }
    if (!answers.has(of)) answers.set(of, of(module));
    return answers.get(of) as T;
  }
}

function sameSlice(slice: Slice, before: readonly ModuleFacts[], after: readonly ModuleFacts[]): boolean {
  if (before.length !== after.length) return false;
  return before.every((module, i) => {
    const other = after[i] as ModuleFacts;
    return sameModule(module, other) && same(slice, module, other);
  });
}

function sameModule(a: ModuleFacts, b: ModuleFacts): boolean {
  return a.name === b.name && a.keyword === b.keyword && a.head === b.head && a.fileClass === b.fileClass;
}

function same(slice: Slice, a: ModuleFacts, b: ModuleFacts): boolean {
  switch (slice) {
    case "uses":
      return (
        equal(a.uses, b.uses) &&
        equal(a.behaviours, b.behaviours) &&
        equal(a.imports, b.imports) &&
        equal(a.callbacks, b.callbacks) &&
        equal(a.useForms, b.useForms) &&
        equal(a.bringingForms, b.bringingForms)
      );
    case "quoted":
      return sameClauses(a, b, (clause) => clause.quoted && [clause.name, clause.params, clause.quoted]);
    case "schemas":
      return equal(a.schema, b.schema);
    case "migrations":
      return sameClauses(a, b, (clause) => placed(clause, clause.migration));
    case "queries":
      return sameClauses(a, b, (clause) => placed(clause, clause.queries));
    case "packages":
      return sameClauses(a, b, (clause) => placed(clause, clause.packages ? [clause.at, clause.packages] : []));
    case "tests":
      return equal(a.tested, b.tested) && equal(a.imports, b.imports);
    case "functions":
      return (
        equal(a.mentions, b.mentions) &&
        equal(a.embeds, b.embeds) &&
        equal([...a.attributes], [...b.attributes]) &&
        sameClauses(a, b, (clause) => clause)
      );
  }
}

/** The facts with the form whose anchors they refer to; null where there are none. */
function placed(clause: ClauseOfModule, facts: readonly unknown[]): unknown {
  return facts.length > 0 ? [clause.form, facts] : null;
}

function sameClauses(a: ModuleFacts, b: ModuleFacts, part: (clause: ClauseOfModule) => unknown): boolean {
  if (a.clauses.length !== b.clauses.length) return false;
  return a.clauses.every((clause, i) => {
    const other = b.clauses[i] as ClauseOfModule;
    if (clause === other) return true;
    return equal(part(clause), part(other));
  });
}

/** Equality of plain data. */
function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
