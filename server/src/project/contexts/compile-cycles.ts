import { type Anchor, headOf, type ModuleFacts } from "../../facts/facts.ts";
import { fileOf } from "../calls/calling.ts";
import { listOf } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import type { View } from "../project.ts";
import { components, shortestPath } from "./components.ts";
import { type Dependency, dependenciesOf } from "./dependencies.ts";

/** A module that another one needs to be compiled first, and the way on which it needs that one itself. */
export interface CompileCycle {
  readonly at: Anchor;
  /** Who needs the module to be compiled first. */
  readonly from: string;
  readonly to: string;
  /**
   * The modules on the way back: from the module itself, each of which waits for the next to be compiled (`waits`), or from another
   * one in its file, each of which uses the next when it runs.
   */
  readonly way: readonly string[];
  readonly kind: "waits" | "file";
}

/** What a module needs to be compiled first. */
interface Need {
  readonly name: string;
  readonly path: string;
  readonly others: readonly string[];
}

const NONE: readonly string[] = [];

interface Circles {
  readonly needs: readonly Need[];
  /** The modules of each, in order. */
  readonly all: readonly (readonly string[])[];
}

const circles: View<Circles> = {
  name: "compile circles",
  slices: ["uses"],
  compute(facts, previous) {
    const needs = facts.collect(needsOf);
    if (previous?.needs === needs) return previous;
    const next = new Map(needs.map(({ name, others }) => [name, others]));
    return { needs, all: components([...next.keys()], (name) => next.get(name) ?? NONE) };
  },
};

/** Modules that wait for each other to be compiled: each needs the next by `use`, `import` or `require`. */
export const compileDeadlocks = listOf({
  name: "compile deadlocks",
  slices: ["uses", "functions", "schemas"],
  subjects: (facts) => facts.read(circles).all.flatMap(([first]) => (first === undefined ? [] : facts.named(first))),
  conclude: deadlocksOf,
});

/**
 * Macros in a file with other modules, which use what needs the macros: all of the way is compiled anew with each change on it (what
 * `mix xref graph --label compile-connected` shows), though the macros have nothing to do with it.
 */
export const compileKnots = listOf({
  name: "compile knots",
  slices: ["uses", "functions", "schemas"],
  subjects: (facts) => facts.where(hasMacros),
  conclude: knotsOf,
});

function hasMacros({ fileClass, clauses }: ModuleFacts): boolean {
  return fileClass === "code" && clauses.some(({ keyword }) => keyword === "defmacro");
}

/** Told where the least work cuts it. */
function deadlocksOf(facts: Lookup, { name }: ModuleFacts): readonly CompileCycle[] {
  const next = (one: string): string[] => facts.named(one).flatMap((module) => facts.once(neededBy, module));
  const [knot = []] = next(name).flatMap((one) => {
    const back = shortestPath(one, name, next);
    return back ? [back] : [];
  });
  const edges = knot.flatMap((one, i) => edgeBetween(facts, knot[i - 1] ?? name, one));
  const [weakest] = edges.sort((a, b) => a.uses - b.uses);
  if (!weakest) return [];
  const { from, to, at } = weakest.edge;
  return [{ at, from, to, way: shortestPath(to, from, next) ?? [], kind: "waits" }];
}

/** The form that makes the one wait for the other, and how often that is made use of. */
function edgeBetween(facts: Lookup, from: string, to: string): { edge: Dependency; uses: number }[] {
  return facts.named(from).flatMap((module) => {
    const all = facts.once(dependencies, module).filter((dependency) => dependency.to === to);
    const edge = all.find(({ kind }) => kind === "compile");
    return edge ? [{ edge, uses: all.length }] : [];
  });
}

function knotsOf(facts: Lookup, macros: ModuleFacts): readonly CompileCycle[] {
  const beside = facts.having(fileOf, macros.path).filter((other) => !isWithin(other, macros));
  if (beside.length === 0) return [];
  const next = (name: string): string[] => facts.named(name).flatMap((one) => facts.once(namedBy, one));
  const users = facts
    .collect(needsOf)
    .filter(({ others, path }) => others.includes(macros.name) && path !== macros.path);
  for (const { name: from } of users) {
    // What needs its own user is a knot that no other file would open.
    if (shortestPath(macros.name, from, next)) return [];
    for (const other of beside) {
      const way = shortestPath(other.name, from, next);
      if (way) return [{ at: headOf(macros), from, to: macros.name, way, kind: "file" }];
    }
  }
  return [];
}

/** True for the module itself, and where one of the two stands in the other. */
function isWithin({ name }: ModuleFacts, other: ModuleFacts): boolean {
  return name === other.name || name.startsWith(`${other.name}.`) || other.name.startsWith(`${name}.`);
}

function dependencies(module: ModuleFacts): readonly Dependency[] {
  return dependenciesOf(module, () => true);
}

function neededBy({ fileClass, useForms, bringingForms }: ModuleFacts): readonly string[] {
  if (fileClass !== "code") return NONE;
  return [...useForms.map(({ use }) => use.module), ...bringingForms.flatMap(({ modules }) => modules)];
}

function needsOf(module: ModuleFacts): readonly Need[] {
  const others = neededBy(module);
  return others.length > 0 ? [{ name: module.name, path: module.path, others }] : [];
}

function namedBy(module: ModuleFacts): readonly string[] {
  return module.fileClass === "code" ? [...new Set(dependencies(module).map(({ to }) => to))] : [];
}
