import { sameBy, sameItems } from "../../base/same-items.ts";
import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { ChangeLog } from "../change-log.ts";
import type { Facts } from "../project.ts";
import { isStandIn } from "../tools.ts";
import { clausesFor, isForOneKind, takes } from "./clauses.ts";
import { configuredModule } from "./configured-module.ts";
import { InjectedClauses } from "./injected.ts";
import { Link, NOT_SOUGHT, type Owner, Target } from "./link.ts";
import { moduleSet } from "./settings.ts";

const NO_TARGETS: readonly Target[] = [];
const NO_NAMES: readonly string[] = [];
const NO_MODULES: readonly ModuleFacts[] = [];
const NO_CLAUSES: ReadonlyMap<ClauseOfModule, readonly Link[]> = new Map();

/** What an update changed. */
export interface GraphChange {
  /** The modules that are new or whose calls were linked anew. */
  readonly modules: ReadonlySet<ModuleFacts>;
  /** The modules that are no more. */
  readonly left: readonly ModuleFacts[];
  /** The clauses that are new, or whose calls may run something else than before. */
  readonly changed: ReadonlySet<ClauseOfModule>;
  /** The clauses that are no more. */
  readonly gone: ReadonlySet<ClauseOfModule>;
}

/**
 * Who calls whom, over the whole project. Kept up to date: `update` links the calls of modules that are new, and anew those
 * calls elsewhere that name them; everything else stands. Calls in macros run at compile time and are left out.
 */
export class CallGraph {
  private readonly links = new Map<ModuleFacts, ReadonlyMap<ClauseOfModule, readonly Link[]>>();
  private readonly byCall = new Map<CallFact, Link>();
  private readonly byName = new Map<string, Set<Link>>();
  private readonly callersOf = new Map<ClauseOfModule, Set<Link>>();
  private readonly owners = new WeakMap<ModuleFacts, Owner>();
  private readonly injected = new InjectedClauses();
  private readonly changes = new ChangeLog<ClauseOfModule>();
  /** The modules whose calls are linked, by name. */
  private readonly linked = new Map<string, readonly ModuleFacts[]>();
  /** What `withUsed` gave in this update: most calls name the same few modules. */
  private readonly used = new Map<string, readonly string[]>();
  /** The revision of the project that the links are of. */
  private read = -1;

  /** Takes in the present facts and tells what is another now. */
  update(facts: Facts): GraphChange {
    const { gone, added } = this.changedModules(facts);
    this.used.clear();
    // What is not taken over from there is gone.
    const former = new Map<ClauseOfModule, readonly Link[]>();
    for (const module of gone) {
      for (const [clause, links] of this.clausesOf(module)) former.set(clause, links);
    }
    const changed = new Set<ClauseOfModule>();
    const stale = new Set<Link>();
    for (const module of added) {
      const before = gone.find(({ name, path }) => name === module.name && path === module.path);
      const { made, kept } = this.link(module, before, former);
      for (const [clause, links] of made) {
        changed.add(clause);
        for (const link of links) stale.add(link);
      }
      const stands = before && standing(before, module);
      for (const links of kept) for (const link of links) if (!stands?.(link)) stale.add(link);
    }
    for (const module of gone) this.links.delete(module);
    const left = [...former.values()].flat();
    for (const link of left) this.unlink(link);
    const called = new Set(left.flatMap(({ targets }) => targets));
    const names = new Set([...gone, ...added].map((module) => module.name));
    // Which module implements a behaviour may have changed with any module.
    if (names.size > 0) names.add(CONFIGURED);
    for (const name of names) for (const link of this.byName.get(name) ?? []) stale.add(link);
    for (const link of stale) {
      const before = link.targets;
      if (!this.retarget(link, facts)) continue;
      changed.add(link.clause);
      for (const target of [...before, ...link.targets]) called.add(target);
    }
    this.changes.note(
      facts.revision,
      [...called].map(({ clause }) => clause),
    );
    const modules = new Set([...added, ...[...stale].map((link) => link.module)]);
    return { modules, left: gone, changed, gone: new Set(former.keys()) };
  }

  private changedModules(facts: Facts): { gone: ModuleFacts[]; added: ModuleFacts[] } {
    const names =
      facts.changedNames(this.read) ?? new Set([...this.linked.keys(), ...facts.modules().map(nameOfModule)]);
    this.read = facts.revision;
    const gone: ModuleFacts[] = [];
    const added: ModuleFacts[] = [];
    for (const name of names) {
      const present = facts.named(name).filter((module) => !isTest(module));
      const linked = this.linked.get(name) ?? NO_MODULES;
      gone.push(...linked.filter((module) => !present.includes(module)));
      added.push(...present.filter((module) => !linked.includes(module)));
      if (present.length > 0) this.linked.set(name, present);
      else this.linked.delete(name);
    }
    return { gone, added };
  }

  /** The clauses of a module with their calls, those that it injects elsewhere included. */
  clausesOf(module: ModuleFacts): ReadonlyMap<ClauseOfModule, readonly Link[]> {
    return this.links.get(module) ?? NO_CLAUSES;
  }

  has(module: ModuleFacts): boolean {
    return this.links.has(module);
  }

  targets(call: CallFact): readonly Target[] {
    return this.byCall.get(call)?.targets ?? NO_TARGETS;
  }

  callers(clause: ClauseOfModule): Iterable<Link> {
    return this.callersOf.get(clause) ?? [];
  }

  /** The clauses that are called from elsewhere since that revision; null where any may be. */
  changedCallers(since: number): ReadonlySet<ClauseOfModule> | null {
    return this.changes.since(since);
  }

  /** Where the call stands; undefined for calls of tests and macros. */
  linkOf(call: CallFact): Link | undefined {
    return this.byCall.get(call);
  }

  /** Links the calls of a module; a clause that did not change keeps its links, and `former` no longer has them. */
  private link(
    module: ModuleFacts,
    before: ModuleFacts | undefined,
    former: Map<ClauseOfModule, readonly Link[]>,
  ): { made: (readonly [ClauseOfModule, readonly Link[]])[]; kept: (readonly Link[])[] } {
    const owner = this.ownerOf(module, before);
    const clauses = new Map<ClauseOfModule, readonly Link[]>();
    const made: (readonly [ClauseOfModule, readonly Link[]])[] = [];
    const kept: (readonly Link[])[] = [];
    const add = (clause: ClauseOfModule, macro: ClauseOfModule | null): void => {
      const known = before && this.clausesOf(before).get(clause);
      if (known) {
        former.delete(clause);
        kept.push(known);
      }
      const links = known ?? this.newLinks(owner, clause, macro);
      clauses.set(clause, links);
      if (!known) made.push([clause, links]);
    };
    for (const clause of module.clauses) {
      if (isFunction(clause)) add(clause, null);
      if (clause.quoted) for (const defined of this.injected.defined(clause)) add(defined, clause);
    }
    this.links.set(module, clauses);
    return { made, kept };
  }

  private newLinks(owner: Owner, clause: ClauseOfModule, macro: ClauseOfModule | null): readonly Link[] {
    return clause.calls.map((call) => {
      const link = new Link(owner, clause, call, macro);
      this.byCall.set(call, link);
      return link;
    });
  }

  /** @param before the former facts of the same module, in whose place the new ones are put */
  private ownerOf(module: ModuleFacts, before?: ModuleFacts): Owner {
    const owner = this.owners.get(before ?? module) ?? { module };
    owner.module = module;
    this.owners.set(module, owner);
    return owner;
  }

  private unlink(link: Link): void {
    if (this.byCall.get(link.call) === link) this.byCall.delete(link.call);
    for (const name of link.names) drop(this.byName, name, link);
    for (const target of link.targets) drop(this.callersOf, target.clause, link);
  }

  /** Finds anew what the call may run; true when that is something else than before. */
  private retarget(link: Link, facts: Facts): boolean {
    const before = link.targets;
    for (const name of link.names) drop(this.byName, name, link);
    for (const target of before) drop(this.callersOf, target.clause, link);
    link.names = this.namesIn(link, facts);
    link.targets = this.resolve(link, facts);
    for (const name of link.names) entryOf(this.byName, name).add(link);
    for (const target of link.targets) entryOf(this.callersOf, target.clause).add(link);
    return !sameTargets(before, link.targets);
  }

  /** The names of the modules whose facts decide what the call runs. */
  private namesIn({ module, call }: Link, facts: Facts): readonly string[] {
    if (call.target) return CONFIGURED_NAMES;
    if (call.module !== null && call.module !== module.name) return this.withUsed(call.module, facts);
    if (defines(module, call)) return NO_NAMES;
    return [...module.uses.map((use) => use.module), ...module.imports.flatMap((name) => this.withUsed(name, facts))];
  }

  /** A module and what it uses: functions that it is called by may come from there. */
  private withUsed(name: string, facts: Facts): readonly string[] {
    let names = this.used.get(name);
    if (!names) {
      names = [name, ...facts.named(name).flatMap((module) => module.uses.map((use) => use.module))];
      this.used.set(name, names);
    }
    return names;
  }

  private resolve({ module, macro, call }: Link, facts: Facts): readonly Target[] {
    if (call.target) return this.configured(module, call, call.target, facts);
    if (call.module === null || call.module === module.name) return this.local(module, macro, call, facts);
    return this.remote(module, call.module, call, facts);
  }

  private local(module: ModuleFacts, macro: ClauseOfModule | null, call: CallFact, facts: Facts): readonly Target[] {
    // Inside of a `quote`, the functions that the same macro defines come first.
    const siblings = macro ? this.injected.defined(macro).filter(({ name }) => name === call.name) : [];
    if (siblings.length > 0) return this.targetsIn(module, siblings, call);
    if (defines(module, call))
      return this.targetsIn(module, (module.byName.get(call.name) ?? []).filter(isFunction), call);
    const injected = this.fromUse(module, call, facts);
    if (injected.length > 0) return injected;
    for (const name of module.imports) {
      const imported = this.remote(module, name, call, facts);
      if (imported.length > 0) return imported;
    }
    return NO_TARGETS;
  }

  private remote(from: ModuleFacts, name: string, call: CallFact, facts: Facts): readonly Target[] {
    const module = meant(from, facts.named(name));
    if (!module) return NO_TARGETS;
    const named = (module.byName.get(call.name) ?? []).filter((clause) => isFunction(clause) && isPublic(clause));
    return named.length > 0 ? this.targetsIn(module, named, call) : this.fromUse(module, call, facts);
  }

  private fromUse(module: ModuleFacts, call: CallFact, facts: Facts): readonly Target[] {
    const injected = this.injected.of(module, call.name, facts);
    return injected.flatMap(({ owner, clause }) => this.targetsIn(owner, [clause], call));
  }

  private targetsIn(module: ModuleFacts, named: readonly ClauseOfModule[], call: CallFact): readonly Target[] {
    const owner = this.owners.get(module) ?? this.ownerOf(module);
    return clausesFor(named, call.arity, call.args).map(({ clause, parameters }) => {
      const certain = named.length === 1 || !isForOneKind(named, clause, call);
      return new Target(owner, clause, certain, parameters);
    });
  }

  /** A call of a module that the configuration names: its default, the only module that can be meant, or what the files of the configuration say. */
  private configured(module: ModuleFacts, call: CallFact, target: Shape, facts: Facts): readonly Target[] {
    // `Shop.Mailer.impl().send(mail)`
    const asked = target.kind === "call" && target.module !== "Application" ? target.module : null;
    const owner = asked === null ? module : meant(module, facts.named(asked));
    if (!owner) return NO_TARGETS;
    const read = configuredModule(owner, asked === null ? target : inside(target));
    if (!read) return NO_TARGETS;
    const { fallback, setting } = read;
    const name = fallback ?? this.implementing(owner, call, facts) ?? (setting && moduleSet(setting, facts));
    return name === null ? NO_TARGETS : this.remote(module, name, call, facts);
  }

  /** The only module that implements the behaviour by which the call is one of a callback; null where there is none. */
  private implementing(owner: ModuleFacts, call: CallFact, facts: Facts): string | null {
    const signature = `${call.name}/${call.arity}`;
    // Who reads its implementation from the configuration and declares what that has to have is the behaviour.
    const declaring = owner.callbacks.includes(signature) ? [owner] : facts.having(callbacksOf, signature);
    const behaviours = new Set(declaring.map(({ name }) => name));
    const [behaviour] = behaviours;
    if (behaviour === undefined || behaviours.size !== 1) return null;
    const implementing = facts.having(behavioursOf, behaviour).filter((candidate) => !isTest(candidate));
    const real = implementing.filter((candidate) => !isStandIn(candidate));
    const [only, ...more] = real.length > 0 ? real : implementing;
    return only && more.length === 0 ? only.name : null;
  }
}

/** The call as the module says it that has the function. */
function inside(target: Shape): Shape {
  return target.kind === "call" ? { ...target, module: null } : target;
}

/** Stands among the names of links whose targets depend on which module implements a behaviour. */
const CONFIGURED = "?";
const CONFIGURED_NAMES = [CONFIGURED];

function nameOfModule({ name }: ModuleFacts): string {
  return name;
}

function callbacksOf({ callbacks }: ModuleFacts): readonly string[] {
  return callbacks;
}

function behavioursOf({ behaviours }: ModuleFacts): readonly string[] {
  return behaviours;
}

/** True for test code: what it defines stands in for the real thing, and what it calls concerns nobody. */
export function isTest({ fileClass }: ModuleFacts): boolean {
  return fileClass === "test";
}

/** False for macros, whose bodies run at compile time. */
function isFunction({ keyword }: ClauseOfModule): boolean {
  return keyword === "def" || keyword === "defp" || keyword === "defdelegate" || keyword === "template";
}

function isPublic({ keyword }: ClauseOfModule): boolean {
  return keyword !== "defp";
}

function sameTargets(a: readonly Target[], b: readonly Target[]): boolean {
  return sameBy(a, b, (one, other) => one.clause === other.clause && one.certain === other.certain);
}

/** Tells of the calls kept from the former facts of a module which may run what they ran there, as far as that module decides. */
function standing(before: ModuleFacts, module: ModuleFacts): (link: Link) => boolean {
  if (!sameItems(before.uses, module.uses) || !sameItems(before.imports, module.imports)) return () => false;
  const others = new Set(
    [...before.byName.keys(), ...module.byName.keys()].filter(
      (name) => !sameItems(before.byName.get(name) ?? [], module.byName.get(name) ?? []),
    ),
  );
  return ({ call, macro, targets }) => {
    if (targets === NOT_SOUGHT || call.target || macro) return false;
    return (call.module !== null && call.module !== module.name) || !others.has(call.name);
  };
}

/** The module that a name means in a module: where apps of an umbrella both have one, that of its own app; else nobody knows. */
function meant(from: ModuleFacts, named: readonly ModuleFacts[]): ModuleFacts | null {
  const code = named.filter((module) => !isTest(module));
  const [only, other] = code;
  if (only && !other) return only;
  const app = appOf(from.path);
  const [own, another] = code.filter((module) => appOf(module.path) === app);
  return own && !another ? own : null;
}

/** The folder of the app of an umbrella that has the file, or the whole project's. */
function appOf(path: string): string {
  return /^.*\/apps\/[^/]+\//.exec(path)?.[0] ?? "";
}

/** True when the module has a function or macro of the call's name and arity. */
function defines(module: ModuleFacts, call: CallFact): boolean {
  return (module.byName.get(call.name) ?? []).some((clause) => takes(clause, call.arity));
}

function entryOf<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  let set = map.get(key);
  if (!set) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}

function drop<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set?.delete(value) && set.size === 0) map.delete(key);
}
