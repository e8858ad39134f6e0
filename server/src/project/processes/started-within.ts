import { entry, type Shape } from "../../facts/shape.ts";
import type { Lookup } from "../lookup.ts";
import type { Facts } from "../project.ts";
import type { Addressee } from "./addressee.ts";
import { answersTo } from "./children.ts";
import { tablesOfInit } from "./named-tables.ts";
import { measurementNeeds, type Need, startNeeds } from "./start-needs.ts";
import { type Child, type Supervisor, supervisorsOf } from "./supervision.ts";

/** What a child asks for while it starts, itself or by what its own supervisor starts meanwhile. */
export interface NeedWithin {
  readonly need: Need;
  /** From the child down to the one that asks; empty where that is the child itself. */
  readonly way: readonly Child[];
}

/** How many supervisors may stand below each other. */
const DEPTH = 4;

/** What is asked for while a child of the supervisor starts, and that nothing within it answers to. */
export function needsWithin(
  { module }: Pick<Supervisor, "module">,
  child: Child,
  facts: Lookup,
  depth = DEPTH,
): NeedWithin[] {
  const own = ownNeeds(module, child, facts).map((need) => ({ need, way: [] }));
  const below = treesBelow(child, facts, depth).flatMap((tree) =>
    tree.children.flatMap((inner) =>
      needsWithin(tree, inner, facts, depth - 1)
        .filter(({ need }) => !tree.children.some((other) => answersWithin(other, need, facts, depth - 1)))
        .map(({ need, way }) => ({ need, way: [inner, ...way] })),
    ),
  );
  return [...own, ...below];
}

/** True when the child, or what its own supervisor starts, is who is asked. */
export function answersWithin(child: Child, asked: Addressee, facts: Lookup, depth = DEPTH): boolean {
  if (answers(child, asked, facts)) return true;
  return treesBelow(child, facts, depth).some(({ children }) =>
    children.some((inner) => answersWithin(inner, asked, facts, depth - 1)),
  );
}

/** A process answers to its name; for a table, the one that makes it. */
function answers(child: Child, { target, kind }: Addressee, facts: Lookup): boolean {
  if (kind !== "table-read") return answersTo(child, target, facts);
  return facts.named(child.module).some((module) => tablesOfInit(module, facts).includes(target));
}

/** The supervisors whose children start before the start of the child is over. */
export function treesBelow(child: Child, facts: Facts, depth = DEPTH): readonly Supervisor[] {
  if (depth === 0) return [];
  return facts
    .named(child.module)
    .flatMap((module) => facts.once(supervisorsOf, module))
    .filter((tree) => tree.function === "init" || tree.function === "start_link");
}

function ownNeeds(supervisor: string, child: Child, facts: Lookup): readonly Need[] {
  if (child.module !== ":telemetry_poller") return facts.named(child.module).flatMap((m) => facts.about(startNeeds, m));
  // The first measurement comes at once, unless it is told to wait.
  const given = entry(child.arg, "init_delay") === null ? entry(child.arg, "measurements") : null;
  return measurementsIn(supervisor, given, facts).flatMap((measurement) => measurementNeeds(facts, measurement));
}

/** A list that is written out, or what a function of the supervisor's module gives. */
function measurementsIn(supervisor: string, given: Shape | null, facts: Lookup): readonly Shape[] {
  if (given?.kind === "list") return given.items;
  if (given?.kind !== "call" || given.module !== null) return [];
  const functions = facts.named(supervisor).flatMap((module) => module.byName.get(given.name) ?? []);
  return functions.flatMap(({ supervision }) => supervision?.measurements ?? []);
}
