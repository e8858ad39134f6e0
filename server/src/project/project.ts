import { sameBy } from "../base/same-items.ts";
import { type ClauseOfModule, isMigration, type ModuleFacts } from "../facts/facts.ts";
import { ChangeLog } from "./change-log.ts";
import { ClauseMemo } from "./clause-memo.ts";
import { Modules } from "./modules.ts";

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

/** What the project's own settings say that facts do not. */
export interface FactSettings {
  /** The version of the last migration that has run everywhere; null where nobody says. */
  readonly startAfter: number | null;
  /** True for a project inside of another one, which has its own. */
  readonly nested: boolean;
}

/** What a view may read. */
export interface Facts {
  /** The same as long as the project lives. */
  readonly settings: FactSettings;
  /** Counts the changes of the project's files. */
  readonly revision: number;
  /** The names of the modules that have changed after that revision; null where any may have. */
  changedNames(since: number): ReadonlySet<string> | null;
  /** All modules, in the order of their files' paths. */
  modules(): readonly ModuleFacts[];
  /** The modules with that name: more than one when two files, or two apps of an umbrella, define it. */
  named(name: string): readonly ModuleFacts[];
  read<T>(view: View<T>): T;
  /** What a function of one module's facts gives, computed once as long as the module stays the same. */
  once<T>(of: (module: ModuleFacts, clauses: ClauseMemo) => T, module: ModuleFacts): T;
  /** What functions say of single clauses, for modules that have many. */
  readonly clauses: ClauseMemo;
  /**
   * What a function gives for each module, plain data, in one list in the order of the files. The same list as long as it
   * says the same, and after a change only the changed file is asked: so a view need not look at all modules. The function
   * is a constant, as in `once`.
   */
  collect<T>(of: (module: ModuleFacts, clauses: ClauseMemo) => readonly T[]): readonly T[];
  /** The modules for which the test holds, in the order of the files; as `collect`, but a changed module makes another list. */
  where(test: (module: ModuleFacts) => boolean): readonly ModuleFacts[];
  /** The modules that have the key among those that the function gives for them, in the order of the files; as `where`. */
  having(keysOf: (module: ModuleFacts) => Iterable<string>, key: string): readonly ModuleFacts[];
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
  /**
   * True where the answer follows from the module alone, as where the view is not about modules of its kind: it is then not
   * noted, because whoever has the module has it from a question that is, or is run again when it changes.
   */
  isFixed?(module: ModuleFacts): boolean;
}

/** The facts of all files of a project, and the views on them, computed when read and kept until their slices change. */
export class Project implements Facts {
  readonly clauses = new ClauseMemo();
  private readonly files = new Modules(this.clauses);
  private readonly revisions = new Map<Slice, number>(SLICES.map((slice) => [slice, 0]));
  private readonly memo = new Map<View<unknown>, { stamp: string; value: unknown; checked: number }>();
  private readonly ofModules = new WeakMap<ModuleFacts, Map<unknown, unknown>>();
  private readonly names = new ChangeLog<string>();
  private changes = 0;
  /** How often each view was computed, by name: benchmarks and tests read it. */
  readonly computed = new Map<string, number>();

  constructor(readonly settings: FactSettings = { startAfter: null, nested: false }) {}

  /** Replaces the facts of a file; an empty list forgets it. */
  set(path: string, modules: readonly ModuleFacts[]): void {
    const before = this.files.of(path);
    this.files.set(path, modules);
    this.changes++;
    const isNew = (module: ModuleFacts): boolean => !before.includes(module);
    const isGone = (module: ModuleFacts): boolean => !modules.includes(module);
    this.names.note(
      this.changes,
      [...before.filter(isGone), ...modules.filter(isNew)].map(({ name }) => name),
    );
    for (const slice of SLICES) {
      if (!sameSlice(slice, before, modules)) this.revisions.set(slice, (this.revisions.get(slice) ?? 0) + 1);
    }
  }

  get revision(): number {
    return this.changes;
  }

  changedNames(since: number): ReadonlySet<string> | null {
    return this.names.since(since);
  }

  modules(): readonly ModuleFacts[] {
    return this.files.all();
  }

  modulesOf(path: string): readonly ModuleFacts[] {
    return this.files.of(path);
  }

  named(name: string): readonly ModuleFacts[] {
    return this.files.having(nameOf, name);
  }

  collect<T>(of: (module: ModuleFacts, clauses: ClauseMemo) => readonly T[]): readonly T[] {
    return this.files.collect(of);
  }

  where(test: (module: ModuleFacts) => boolean): readonly ModuleFacts[] {
    return this.files.where(test);
  }

  having(keysOf: (module: ModuleFacts) => Iterable<string>, key: string): readonly ModuleFacts[] {
    return this.files.having(keysOf, key);
  }

  read<T>(view: View<T>): T {
    const kept = this.memo.get(view);
    if (kept?.checked === this.revision) return kept.value as T;
    const stamp = view.slices.map((slice) => this.revisions.get(slice)).join();
    if (kept?.stamp === stamp) {
      kept.checked = this.revision;
      return kept.value as T;
    }
    this.computed.set(view.name, (this.computed.get(view.name) ?? 0) + 1);
    const value = view.compute(this, (kept?.value ?? null) as T | null);
    this.memo.set(view, { stamp, value, checked: this.revision });
    return value;
  }

  once<T>(of: (module: ModuleFacts, clauses: ClauseMemo) => T, module: ModuleFacts): T {
    let answers = this.ofModules.get(module);
    if (!answers) {
      answers = new Map();
      this.ofModules.set(module, answers);
    }
    if (!answers.has(of)) answers.set(of, of(module, this.clauses));
    return answers.get(of) as T;
  }
}

function nameOf(module: ModuleFacts): readonly string[] {
  return [module.name];
}

function sameSlice(slice: Slice, before: readonly ModuleFacts[], after: readonly ModuleFacts[]): boolean {
  return sameBy(before, after, (module, other) => sameModule(module, other) && same(slice, module, other));
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
      // Of no other module do functions have steps.
      return (!isMigration(a) && !isMigration(b)) || sameClauses(a, b, stepsWithHead);
    case "queries":
      return sameClauses(a, b, queryFacts);
    case "packages":
      return sameClauses(a, b, (clause) => placed(clause, clause.packages ? [clause.at, clause.packages] : []));
    case "tests":
      return equal(a.tested, b.tested) && equal(a.imports, b.imports);
    case "functions":
      return (
        equal(a.mentions, b.mentions) &&
        equal(a.embeds, b.embeds) &&
        equal(a.configured, b.configured) &&
        equal([...a.attributes], [...b.attributes]) &&
        sameClauses(a, b, (clause) => clause)
      );
  }
}

/** The steps of a clause, and which calls run it. */
function stepsWithHead({ form, keyword, name, params, defaultValues, migration }: ClauseOfModule): unknown {
  return [form, keyword, name, params, defaultValues, migration];
}

/** The facts with the form whose anchors they refer to; null where there are none. */
function placed(clause: ClauseOfModule, facts: readonly unknown[]): unknown {
  return facts.length > 0 ? [clause.form, facts] : null;
}

/** What a clause says of queries and of the rows that they load, and by what name and with what others know it. */
function queryFacts(clause: ClauseOfModule): unknown {
  const { name, arity, defaults, queries, loads, gives, composes, conditions, joinPreloads } = clause;
  const says = queries.length + loads.length + conditions.length + joinPreloads.length > 0 || gives !== null;
  if (!says) return [name, arity, defaults];
  const { form, keyword, params, defaultValues } = clause;
  const query = [gives, composes, conditions, joinPreloads];
  return [name, arity, defaults, form, keyword, params, defaultValues, queries, loads, query];
}

function sameClauses(a: ModuleFacts, b: ModuleFacts, part: (clause: ClauseOfModule) => unknown): boolean {
  return sameBy(a.clauses, b.clauses, (one, other) => one === other || equal(part(one), part(other)));
}

/** Equality of plain data. */
function equal(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
