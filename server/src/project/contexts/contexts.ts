import { sameItems } from "../../base/same-items.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import { Lookup } from "../lookup.ts";
import type { Facts, View } from "../project.ts";
import { type Boundaries, type Boundary, boundaries } from "./boundaries.ts";
import { components } from "./components.ts";
import { type Dependency, type DependencyKind, dependenciesOf } from "./dependencies.ts";

/** All places where one boundary depends on another. */
export interface Edge {
  readonly from: Boundary;
  readonly to: Boundary;
  /** In the order of the files. */
  readonly places: readonly Dependency[];
}

/** How much hangs on a boundary and how much it hangs on, in contexts; after Robert C. Martin. */
export interface Coupling {
  /** Contexts that depend on it. */
  readonly afferent: number;
  /** Contexts that it depends on. */
  readonly efferent: number;
  /** `efferent / (afferent + efferent)`; 0 for what nothing is known of. */
  readonly instability: number;
}

/** The graph of the project's boundaries: what `lintel graph contexts` shows, and the rules on contexts read. */
export interface Contexts {
  readonly boundaries: readonly Boundary[];
  /** The boundary of a module by its name; null outside of the application's namespaces. */
  of(module: string): Boundary | null;
  readonly edges: readonly Edge[];
  /** Contexts that depend on each other by calls, structs that they make, or at compile time. */
  readonly cycles: readonly (readonly Boundary[])[];
  coupling(boundary: Boundary): Coupling;
}

/** Ties that bind a context to another one; data that refers to data (associations, joins) does not. */
export const BINDING: readonly DependencyKind[] = ["call", "struct", "compile"];

/** What was found in the modules of a boundary, for as long as they and what concerns them stay the same. */
interface Known {
  readonly lookup: Lookup;
  readonly modules: readonly ModuleFacts[];
  readonly dependencies: readonly (readonly Dependency[])[];
  readonly edges: readonly Edge[];
}

interface Memo extends Contexts {
  readonly read: Boundaries;
  readonly known: ReadonlyMap<Boundary, Known>;
}

export const contexts: View<Memo> = {
  name: "contexts",
  slices: ["uses", "schemas", "functions"],
  compute(facts, before) {
    const read = facts.read(boundaries);
    const valid = before?.read === read ? before.known : null;
    const known = new Map(
      read.all.map((boundary) => [boundary, edgesFrom(boundary, facts, read, valid?.get(boundary))] as const),
    );
    if (before && valid && [...known].every(([boundary, { edges }]) => edges === valid.get(boundary)?.edges))
      return Object.assign(before, { known });
    return graphOf(read, known);
  },
};

/** What was found before is given back when the same is found again: an edit within a function changes no edge. */
function edgesFrom(from: Boundary, facts: Facts, read: Boundaries, kept: Known | undefined): Known {
  if (kept?.lookup.holds) return kept;
  const lookup = new Lookup(facts);
  const modules = from.modules.flatMap((name) => (read.named(name) === from ? lookup.named(name) : []));
  const concerns = (to: string): boolean => {
    const target = read.named(to);
    return target !== null && target !== from;
  };
  const dependencies = modules.map((module, i) => {
    const former = kept?.dependencies[i];
    if (former && module === kept?.modules[i]) return former;
    const now = dependenciesOf(module, concerns);
    return former && JSON.stringify(former) === JSON.stringify(now) ? former : now;
  });
  if (kept && sameItems(dependencies, kept.dependencies)) return { ...kept, lookup, modules };
  const places = new Map<Boundary, Dependency[]>();
  for (const dependency of dependencies.flat()) {
    const to = read.named(dependency.to);
    if (!to) continue;
    const list = places.get(to);
    if (list) list.push(dependency);
    else places.set(to, [dependency]);
  }
  const edges = [...places].map(([to, list]): Edge => ({ from, to, places: list }));
  return { lookup, modules, dependencies, edges: edges.sort((a, b) => (a.to.name < b.to.name ? -1 : 1)) };
}

function graphOf(read: Boundaries, known: ReadonlyMap<Boundary, Known>): Memo {
  const edges = read.all.flatMap((boundary) => known.get(boundary)?.edges ?? []);
  const between = edges.filter((edge) => isContext(edge.from) && isContext(edge.to) && binding(edge).length > 0);
  const cycles = components(
    read.all.filter(isContext).map((boundary) => boundary.name),
    (name) => between.filter((edge) => edge.from.name === name).map((edge) => edge.to.name),
  ).map((names) => read.all.filter((boundary) => names.includes(boundary.name)));
  return {
    boundaries: read.all,
    of: read.named,
    edges,
    cycles,
    coupling(boundary) {
      const afferent = between.filter((edge) => edge.to === boundary).length;
      const efferent = between.filter((edge) => edge.from === boundary).length;
      return { afferent, efferent, instability: afferent + efferent === 0 ? 0 : efferent / (afferent + efferent) };
    },
    read,
    known,
  };
}

/** The places of an edge that bind the one context to the other. */
export function binding(edge: Edge): readonly Dependency[] {
  return edge.places.filter((place) => BINDING.includes(place.kind));
}

function isContext(boundary: Boundary): boolean {
  return boundary.kind === "context";
}
