import type { ModuleFacts } from "../facts/facts.ts";
import type { ClauseMemo } from "./clause-memo.ts";

/** The modules of a project, file by file, and what is gathered from them: after a change of one file, the others are not asked again. */
export class Modules {
  private readonly files = new Map<string, readonly ModuleFacts[]>();
  private readonly collections = new Map<unknown, Gathering>();
  private readonly indexes = new Map<unknown, Gathering>();
  private readonly subsets = new Map<unknown, Gathering>();
  private paths: readonly string[] | null = null;
  private ordered: readonly ModuleFacts[] | null = null;

  constructor(private readonly clauses: ClauseMemo) {}

  /** Replaces the modules of a file; an empty list forgets it. */
  set(path: string, modules: readonly ModuleFacts[]): void {
    const before = this.of(path);
    if (modules.length > 0) this.files.set(path, modules);
    else this.files.delete(path);
    const [first] = before;
    if (first && modules.length > 0) {
      const { ordered } = this;
      this.ordered = ordered?.toSpliced(ordered.indexOf(first), before.length, ...modules) ?? null;
    } else this.paths = this.ordered = null;
    for (const gatherings of [this.collections, this.indexes, this.subsets])
      for (const gathering of gatherings.values()) gathering.stale.add(path);
  }

  /** The modules of a file. */
  of(path: string): readonly ModuleFacts[] {
    return this.files.get(path) ?? [];
  }

  /** All modules, in the order of their files' paths. */
  all(): readonly ModuleFacts[] {
    this.paths ??= [...this.files.keys()].sort();
    this.ordered ??= this.paths.flatMap((path) => this.of(path));
    return this.ordered;
  }

  /**
   * What the function gives for each module, in one list, which stays the same as long as it says the same. The function
   * gives plain data.
   */
  collect<T>(of: (module: ModuleFacts, clauses: ClauseMemo) => readonly T[]): readonly T[] {
    return this.upToDate(this.collections, of, () => new Collection((module) => of(module, this.clauses))).list();
  }

  /** The modules with that key among those that the function gives, in the order of their files' paths. */
  having(keysOf: (module: ModuleFacts) => Iterable<string>, key: string): readonly ModuleFacts[] {
    return this.upToDate(this.indexes, keysOf, () => new Index(keysOf)).get(key);
  }

  /** The modules for which the test holds, in the order of their files' paths. */
  where(test: (module: ModuleFacts) => boolean): readonly ModuleFacts[] {
    return this.upToDate(this.subsets, test, () => new Index((module) => (test(module) ? HOLDS : []))).get(HOLDS[0]);
  }

  private upToDate<G extends Gathering>(gatherings: Map<unknown, Gathering>, by: unknown, create: () => G): G {
    let gathering = gatherings.get(by) as G | undefined;
    if (!gathering) {
      gathering = create();
      for (const [path, modules] of this.files) gathering.read(path, modules);
      gatherings.set(by, gathering);
    } else if (gathering.stale.size > 0) {
      for (const path of gathering.stale) gathering.read(path, this.of(path));
      gathering.stale.clear();
    }
    return gathering;
  }
}

const HOLDS = ["holds"] as const;

interface Gathering {
  /** Files that have changed since they were read. */
  readonly stale: Set<string>;
  read(path: string, modules: readonly ModuleFacts[]): void;
}

class Collection<T> implements Gathering {
  readonly stale = new Set<string>();
  private readonly byPath = new Map<string, readonly T[]>();
  private all: readonly T[] | null = null;

  constructor(private readonly of: (module: ModuleFacts) => readonly T[]) {}

  read(path: string, modules: readonly ModuleFacts[]): void {
    const now = modules.flatMap(this.of);
    const before = this.byPath.get(path);
    if (now.length === 0 ? !before : before && JSON.stringify(before) === JSON.stringify(now)) return;
    if (now.length > 0) this.byPath.set(path, now);
    else this.byPath.delete(path);
    this.all = null;
  }

  list(): readonly T[] {
    this.all ??= [...this.byPath.keys()].sort().flatMap((path) => this.byPath.get(path) ?? []);
    return this.all;
  }
}

class Index implements Gathering {
  readonly stale = new Set<string>();
  private readonly keysIn = new Map<string, ReadonlySet<string>>();
  private readonly byKey = new Map<string, Slot>();

  constructor(private readonly keysOf: (module: ModuleFacts) => Iterable<string>) {}

  read(path: string, modules: readonly ModuleFacts[]): void {
    for (const key of this.keysIn.get(path) ?? []) {
      const slot = this.byKey.get(key);
      if (!slot) continue;
      slot.modules = slot.modules.filter((module) => module.path !== path);
      slot.list = null;
      if (slot.modules.length === 0) this.byKey.delete(key);
    }
    let keys: Set<string> | null = null;
    for (const module of modules)
      for (const key of new Set(this.keysOf(module))) {
        keys ??= new Set();
        keys.add(key);
        const slot = this.byKey.get(key);
        if (!slot) this.byKey.set(key, { modules: [module], list: null });
        else {
          slot.modules.push(module);
          slot.list = null;
        }
      }
    if (keys) this.keysIn.set(path, keys);
    else this.keysIn.delete(path);
  }

  get(key: string): readonly ModuleFacts[] {
    const slot = this.byKey.get(key);
    if (!slot) return NONE;
    slot.list ??= [...slot.modules].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    return slot.list;
  }
}

/** The modules of a key as they came; `list` is them in order, once somebody has asked. */
interface Slot {
  modules: ModuleFacts[];
  list: readonly ModuleFacts[] | null;
}

const NONE: readonly ModuleFacts[] = [];
