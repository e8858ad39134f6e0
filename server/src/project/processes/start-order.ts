import { listOf } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import type { Need } from "./start-needs.ts";
import { answersWithin, needsWithin } from "./started-within.ts";
import { type Child, exclude, type Supervisor, supervisors } from "./supervision.ts";

/** A child that asks another for something while it starts, which its supervisor starts only later. */
export interface EarlyChild {
  readonly child: Child;
  readonly needed: Child;
  readonly need: Need;
  /** The children of its own supervisors, down to the one that asks; empty where it asks itself. */
  readonly way: readonly Child[];
}

/** Children that stand before those that they ask for something. */
export const earlyChildren = listOf({
  name: "early children",
  slices: ["functions", "uses"],
  subjects: (facts) => facts.read(supervisors),
  conclude: childrenOf,
});

function childrenOf(facts: Lookup, supervisor: Supervisor): EarlyChild[] {
  const { children } = supervisor;
  // A child that stands in two ways of a choice is one in the source.
  const seen = new Set<string>();
  return children.flatMap((child, i) =>
    child.forTests
      ? []
      : needsWithin(supervisor, child, facts).flatMap(({ need, way }): EarlyChild[] => {
          if (need.kind === "monitor" || need.kind === "table-write") return [];
          const serves = (other: Child): boolean => answersWithin(other, need, facts);
          const needed = children.slice(i + 1).find((other) => serves(other) && !exclude(child, other));
          if (!needed || children.slice(0, i + 1).some(serves)) return [];
          const key = `${JSON.stringify(child.at)} ${need.target}`;
          if (seen.has(key)) return [];
          seen.add(key);
          return [{ child, needed, need, way }];
        }),
  );
}
