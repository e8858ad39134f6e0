import { sameItems } from "../../base/same-items.ts";
import type {
  Anchor,
  AssignFacts,
  AssignRead,
  AssignSet,
  ClauseFacts,
  ClauseOfModule,
  ModuleFacts,
} from "../../facts/facts.ts";
import { clausesOf, isLocalCall } from "../calls/clauses.ts";
import { Lookup } from "../lookup.ts";
import { behavesAs } from "../processes/servers.ts";
import type { ByModule, Facts, View } from "../project.ts";
import { templatesBeside } from "./templates.ts";

/** Something that a clause of a module, or of its template, says of an assign. */
export interface Placed<T> {
  readonly path: string;
  readonly clause: ClauseOfModule;
  readonly fact: T;
}

/** Where one key is set and where it is read, in source order. */
export interface KeyFlow {
  readonly sets: readonly Placed<AssignSet>[];
  readonly reads: readonly Placed<AssignRead>[];
}

/** The assigns of one LiveView or LiveComponent, wherever its parts stand. */
export interface AssignFlow {
  readonly kind: "view" | "component";
  /** What its own clauses and its template say; function components in the same module have assigns of their own. */
  readonly keys: ReadonlyMap<string, KeyFlow>;
  /** The clauses that have to do with its assigns. */
  readonly clauses: readonly ClauseOfModule[];
  /** True when its `render/1`, a colocated template or embedded ones were found. */
  readonly hasMarkup: boolean;
  /** True where its markup is LEEx: LiveView had no streams then, and `.eex` layouts, which nobody reads here. */
  readonly leex: boolean;
  /** Keys that others read: functions elsewhere that get the socket, hooks, layouts, what `use` brings in. */
  readonly readElsewhere: ReadonlySet<string>;
  /** Keys that others set. */
  readonly setElsewhere: ReadonlySet<string>;
  /** True where any key may be read by somebody who is not known. */
  readonly readByAnyone: boolean;
  /** True where it, or a function that it hands the socket to, sets keys that are not written out. */
  readonly setByAnyone: boolean;
}

/** The anchor of a fact. */
export function placeOf({ path, clause, fact }: Placed<{ readonly at: number }>): Anchor {
  return { path, form: clause.form, at: fact.at };
}

/** What functions beside the module's own do with its assigns. */
interface Elsewhere {
  readonly clauses: readonly ClauseFacts[];
  readonly unknown: boolean;
}

/** What any view may be set and read by: hooks, layouts, what `use` brings in. */
interface AtLarge {
  /** It is a layout's, which gets the assigns of views; those of components it never sees. */
  readonly inLayout: boolean;
  readonly sets: readonly string[];
  readonly reads: readonly string[];
  /** A layout that hands on all assigns that it gets: `<.live_component module={Menu} id="menu" {assigns} />`. */
  readonly readsAll: boolean;
}

interface Kept {
  readonly module: ModuleFacts;
  /** What stands beside the module: its flow is the same as long as all of it is. */
  readonly around: readonly unknown[];
  readonly lookup: Lookup;
  readonly inputs: readonly unknown[];
  readonly flow: AssignFlow;
}

class Flows implements ByModule<AssignFlow | null> {
  constructor(
    readonly kept: ReadonlyMap<string, Kept>,
    readonly everywhere: Everywhere,
  ) {}

  of(module: ModuleFacts): AssignFlow | null {
    return isView(module) ? (this.kept.get(idOf(module))?.flow ?? null) : null;
  }

  isFixed(module: ModuleFacts): boolean {
    return !isView(module);
  }
}

/**
 * Who sets and reads which assign, by LiveView and LiveComponent. The answer for a module stays the same object as long as
 * the clauses that it is read off do.
 */
export const assignFlow: View<ByModule<AssignFlow | null>> = {
  name: "assign-flow",
  slices: ["functions", "uses", "quoted"],
  compute(facts, previous) {
    const before = previous instanceof Flows ? previous : null;
    const atLarge = facts.collect(keysAtLarge);
    const everywhere = before?.everywhere.atLarge === atLarge ? before.everywhere : everywhereOf(atLarge);
    const around = [everywhere, facts.read(namespaces), facts.where(isTemplate)];
    const kept = new Map<string, Kept>();
    for (const module of facts.where(isView)) {
      const last = before?.kept.get(idOf(module));
      if (last && last.module === module && sameItems(last.around, around) && last.lookup.holds) {
        kept.set(idOf(module), last);
        continue;
      }
      const lookup = new Lookup(facts);
      const templates = templatesOf(module, facts, lookup);
      const markup = templates.flatMap(({ clauses }) => clauses);
      const own = templates.length === 0 ? facts.once(withoutTemplates, module) : ownClauses(module, markup);
      const handed = handedOn(module, [...own, ...markup], lookup);
      const paths = templates.map(({ path }) => path);
      const inputs = [everywhere, handed.unknown, ...paths, null, ...own, null, ...markup, null, ...handed.clauses];
      const flow =
        last && sameItems(last.inputs, inputs) ? last.flow : flowOf(module, own, templates, handed, everywhere);
      kept.set(idOf(module), { module, around, lookup, inputs, flow });
    }
    return new Flows(kept, everywhere);
  },
};

function isView(module: ModuleFacts): boolean {
  return module.fileClass !== "test" && behavesAs(module, "Phoenix.LiveView", "Phoenix.LiveComponent");
}

function isTemplate({ keyword }: ModuleFacts): boolean {
  return keyword === "template";
}

function idOf({ name, path, head }: ModuleFacts): string {
  return `${path} ${head} ${name}`;
}

/** The template files of a module: what it embeds, and, where it has no `render/1`, the one beside its file. */
function templatesOf(module: ModuleFacts, facts: Facts, lookup: Lookup): readonly ModuleFacts[] {
  const beside = templatesBeside(module, (name) => lookup.named(name));
  if (module.embeds.length === 0) return beside;
  const folder = module.path.slice(0, module.path.lastIndexOf("/") + 1);
  const patterns = module.embeds.map((pattern) => patternOf(folder, pattern));
  const embedded = facts.where(isTemplate).filter(({ path }) => patterns.some((pattern) => pattern.test(path)));
  return [...beside, ...embedded.filter((template) => !beside.includes(template))];
}

/** What the paths of the templates look like that `embed_templates "pages/*"` takes in. */
function patternOf(folder: string, pattern: string): RegExp {
  const quoted = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  const body = quoted(pattern.replace(/^\.\//, ""))
    .replaceAll("**", "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("\0", ".*");
  return new RegExp(`^${quoted(folder)}${body}\\.html\\.[hl]eex$`);
}

const NO_CLAUSES: readonly ClauseOfModule[] = [];

function isLayout({ keyword, path, name }: ModuleFacts): boolean {
  return /layout/i.test(keyword === "template" ? path : name);
}

/** What clauses say that may have to do with the assigns of any view: those of hooks and layouts, and what `use` brings in. */
function keysAtLarge(module: ModuleFacts): readonly AtLarge[] {
  if (module.fileClass === "test") return [];
  const inLayout = isLayout(module);
  const own = inLayout || module.byName.has("on_mount") ? module.clauses.flatMap(({ assigns }) => assigns ?? []) : [];
  const quoted = module.clauses.filter((clause) => (clause.quoted?.clauses ?? []).some(({ assigns }) => assigns));
  const taken = inLayout ? module.clauses.flatMap(keysTaken) : [];
  const all = [keysIn(own, taken, inLayout), keysIn(quoted.flatMap(assignsIn), [], false)];
  return all.filter(({ sets, reads, readsAll }) => readsAll || sets.length + reads.length > 0);
}

function keysIn(assigns: readonly AssignFacts[], taken: readonly string[], inLayout: boolean): AtLarge {
  const keysOf = (facts: readonly { readonly key: string }[]): string[] => [...new Set(facts.map(({ key }) => key))];
  return {
    inLayout,
    sets: keysOf(assigns.flatMap(({ sets }) => sets)),
    reads: [...keysOf(assigns.flatMap(({ reads }) => reads)), ...taken],
    readsAll: inLayout && assigns.some(({ components }) => components.some(({ open }) => open)),
  };
}

/** `def title(%{title: title})`, which a layout gives all assigns. */
function keysTaken({ params: [given] }: ClauseOfModule): readonly string[] {
  return given?.kind === "map" && given.struct === null ? given.keys : [];
}

/** What a clause, and those that it quotes, say of assigns. */
function assignsIn(clause: ClauseFacts): readonly AssignFacts[] {
  return [clause, ...(clause.quoted?.clauses ?? [])].flatMap(({ assigns }) => assigns ?? []);
}

interface Everywhere {
  readonly atLarge: readonly AtLarge[];
  readonly sets: ReadonlySet<string>;
  /** By what the assigns are of. */
  readonly reads: Readonly<Record<AssignFlow["kind"], ReadonlySet<string>>>;
  /** True where a layout reads any key of views. */
  readonly readsAll: boolean;
}

function everywhereOf(atLarge: readonly AtLarge[]): Everywhere {
  const readIn = (keys: readonly AtLarge[]): ReadonlySet<string> => new Set(keys.flatMap(({ reads }) => reads));
  const component = readIn(atLarge.filter(({ inLayout }) => !inLayout));
  return {
    atLarge,
    sets: new Set(atLarge.flatMap(({ sets }) => sets)),
    reads: { view: readIn(atLarge), component },
    readsAll: atLarge.some(({ readsAll }) => readsAll),
  };
}

function withoutTemplates(module: ModuleFacts): readonly ClauseOfModule[] {
  return ownClauses(module, NO_CLAUSES);
}

/** The clauses of the module that have to do with its own assigns, function components left out. */
function ownClauses(module: ModuleFacts, markup: readonly ClauseOfModule[]): readonly ClauseOfModule[] {
  const handed = new Set<string>();
  const tags = new Set<string>();
  for (const { assigns } of [...module.clauses, ...markup]) {
    for (const { to } of assigns?.handed ?? []) handed.add(to);
    for (const { module: owner, name } of assigns?.components ?? [])
      if (owner === null || owner === module.name) tags.add(name);
  }
  return module.clauses.filter(({ assigns, name, arity }) => {
    if (!assigns) return false;
    return name === "render" || arity !== 1 || !tags.has(name) || handed.has(`${name}/1`);
  });
}

/** The clauses in other modules that get the socket or the assigns, directly or from one that does. */
function handedOn(module: ModuleFacts, clauses: readonly ClauseOfModule[], facts: Lookup): Elsewhere {
  const seen = new Set<ClauseFacts>(clauses);
  const out: ClauseFacts[] = [];
  let unknown = false;
  const follow = (from: ModuleFacts, handing: readonly ClauseFacts[]): void => {
    for (const { assigns } of handing) {
      for (const { to, all } of assigns?.handed ?? []) {
        const receiving = receiversOf(from, to, facts);
        if (receiving === null || (all && receiving.length === 0)) unknown = true;
        for (const { owner, clause } of receiving ?? []) {
          if (seen.has(clause)) continue;
          seen.add(clause);
          if (owner !== module) out.push(clause);
          follow(owner, [clause]);
        }
      }
    }
  };
  follow(module, clauses);
  return { clauses: out, unknown };
}

interface Receiver {
  readonly owner: ModuleFacts;
  readonly clause: ClauseFacts;
}

const NOBODY: readonly Receiver[] = [];

/** The clauses that the function may be; null where the project has it and nobody knows where, none where a library has it. */
function receiversOf(from: ModuleFacts, callee: string, facts: Lookup): readonly Receiver[] | null {
  const path = callee.slice(0, callee.lastIndexOf("/"));
  const dot = path.lastIndexOf(".");
  const name = path.slice(dot + 1);
  const arity = Number(callee.slice(path.length + 1));
  const takes = ({ arity: most, defaults }: ClauseFacts): boolean => most - defaults <= arity && arity <= most;
  const named = (owner: ModuleFacts): Receiver[] =>
    (owner.byName.get(name) ?? []).filter(takes).map((clause) => ({ owner, clause }));
  const injected = (owner: ModuleFacts): Receiver[] =>
    owner.clauses.flatMap(({ quoted }) =>
      (quoted?.clauses ?? []).flatMap((clause) => (clause.name === name ? [{ owner, clause }] : [])),
    );
  const own = dot < 0 ? named(from) : [];
  if (own.length > 0) return own;
  const module = path.slice(0, dot);
  // `ShopWeb.PageView.render("show.html", assigns)`: the templates of a `Phoenix.View`, which are not known.
  if (dot >= 0 ? callee.endsWith(".render/2") : callee === "render/3") return null;
  const brought = dot >= 0 ? [module] : from.imports;
  const using = dot >= 0 ? facts.named(module).flatMap(({ uses }) => uses) : from.uses;
  const found = [
    ...brought.flatMap((other) => facts.named(other).flatMap(named)),
    ...using.flatMap((use) => facts.named(use.module).flatMap(injected)),
  ];
  if (found.length > 0) return found;
  const sources = dot >= 0 ? [module] : [...from.imports, ...from.uses.map((use) => use.module)];
  const isUnknown = (other: string): boolean =>
    facts.read(namespaces).has(other.split(".", 1)[0] ?? "") && !GENERATED.test(other);
  const missing = sources.some((other) => isUnknown(other) && (dot >= 0 || facts.named(other).length === 0));
  return missing ? null : NOBODY;
}

/** Modules that Phoenix makes when it compiles. */
const GENERATED = /\.(?:Helpers|Endpoint|Gettext)$/;

/** The first parts of the names of the project's own modules. */
const namespaces: View<ReadonlySet<string>> = {
  name: "namespaces",
  slices: ["uses"],
  compute(facts, previous) {
    const now = new Set(facts.collect(namespaceOf));
    return previous && sameItems([...previous], [...now]) ? previous : now;
  },
};

function namespaceOf({ keyword, name }: ModuleFacts): readonly string[] {
  return keyword === "template" ? [] : name.split(".", 1);
}

function flowOf(
  module: ModuleFacts,
  own: readonly ClauseOfModule[],
  templates: readonly ModuleFacts[],
  handed: Elsewhere,
  everywhere: Everywhere,
): AssignFlow {
  const keys = new Map<string, { sets: Placed<AssignSet>[]; reads: Placed<AssignRead>[] }>();
  const keyOf = (key: string): { sets: Placed<AssignSet>[]; reads: Placed<AssignRead>[] } => {
    const known = keys.get(key) ?? { sets: [], reads: [] };
    keys.set(key, known);
    return known;
  };
  const parts = [{ path: module.path, clauses: own }, ...templates];
  for (const { path, clauses } of parts) {
    for (const clause of clauses) {
      for (const fact of clause.assigns?.sets ?? []) keyOf(fact.key).sets.push({ path, clause, fact });
      for (const fact of clause.assigns?.reads ?? []) keyOf(fact.key).reads.push({ path, clause, fact });
    }
  }
  const others = handed.clauses.flatMap(assignsIn);
  const mine = parts.flatMap(({ clauses }) => clauses.flatMap(({ assigns }) => assigns ?? []));
  const kind = behavesAs(module, "Phoenix.LiveView") ? "view" : "component";
  return {
    kind,
    keys,
    clauses: own,
    hasMarkup: module.byName.has("render") || templates.length > 0,
    leex: mine.some(({ leex }) => leex),
    readElsewhere: new Set([...everywhere.reads[kind], ...others.flatMap(({ reads }) => reads.map(({ key }) => key))]),
    setElsewhere: new Set([...everywhere.sets, ...others.flatMap(({ sets }) => sets.map(({ key }) => key))]),
    readByAnyone:
      handed.unknown ||
      (kind === "view" && everywhere.readsAll) ||
      mine.some(({ escapes }) => escapes) ||
      handed.clauses.some((c) => c.assigns?.escapes),
    setByAnyone: handed.unknown || mine.some(({ open }) => open) || handed.clauses.some((c) => c.assigns?.open),
  };
}

/** The keys that a clause sets, by itself or by functions of its module that it calls. */
export function setFrom(module: ModuleFacts, clause: ClauseOfModule): ReadonlySet<string> {
  const keys = new Set<string>();
  const seen = new Set<ClauseOfModule>([clause]);
  for (const { assigns, calls } of seen) {
    for (const { key } of assigns?.sets ?? []) keys.add(key);
    for (const call of calls)
      if (isLocalCall(module, call)) for (const local of clausesOf(module, call.name, call.arity)) seen.add(local);
  }
  return keys;
}
