import type { ModuleFacts } from "../facts/facts.ts";
import { type Boundaries, type Boundary, boundaries } from "./boundaries.ts";
import { components } from "./components.ts";
import { type Dependency, type DependencyKind, dependenciesOf } from "./dependencies.ts";
import type { View } from "./project.ts";

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

/** What was found in a module, for as long as the module and what concerns it stay the same. */
interface Known {
  readonly module: ModuleFacts;
  readonly dependencies: readonly Dependency[];
}

interface Memo extends Contexts {
  readonly read: Boundaries;
  readonly known: ReadonlyMap<string, Known>;
}

export const contexts: View<Contexts> = {
  name: "contexts",
  slices: ["uses", "schemas", "functions"],
  compute(facts, previous) {
    const read = facts.read(boundaries);
    const before = previous as Memo | null;
    const valid = before?.read === read ? before.known : null;
    const known = new Map<string, Known>();
    let changed = valid === null;
    for (const module of facts.modules()) {
      if (!read.of(module)) continue;
      const key = `${module.path} ${module.head}`;
      const kept = valid?.get(key);
      const now = kept?.module === module ? kept : freshly(module, read, kept);
      known.set(key, now);
      changed ||= now.dependencies !== kept?.dependencies;
    }
    if (!changed && before && valid?.size === known.size) return Object.assign(before, { known });
    return graphOf(read, known) satisfies Memo;
  },
};

/** What was found before is given back when the same is found again: an edit within a function changes no edge. */
function freshly(module: ModuleFacts, read: Boundaries, kept: Known | undefined): Known {
  const own = read.of(module);
  const dependencies = dependenciesOf(module, (to) => {
    const target = read.named(to);
    return target !== null && target !== own;
  });
  const same = kept && JSON.stringify(kept.dependencies) === JSON.stringify(dependencies);
  return { module, dependencies: same ? kept.dependencies : dependencies };
}

function graphOf(read: Boundaries, known: ReadonlyMap<string, Known>): Memo {
  const drafts = new Map<string, { from: Boundary; to: Boundary; places: Dependency[] }>();
  for (const { module, dependencies } of known.values()) {
    const from = read.of(module);
    for (const dependency of dependencies) {
      const to = read.named(dependency.to);
      if (!from || !to) continue;
      const key = `${from.name} ${to.name}`;
      const draft = drafts.get(key);
      if (draft) draft.places.push(dependency);
      else drafts.set(key, { from, to, places: [dependency] });
    }
  }
  const edges = [...drafts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
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
