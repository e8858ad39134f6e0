import type { Boundary } from "../contexts/boundaries.ts";
import { contexts } from "../contexts/contexts.ts";
import type { Dependency } from "../contexts/dependencies.ts";
import type { Facts } from "../project.ts";
import { type Graph, GraphBuilder } from "./graph.ts";

/**
 * The contexts and the web layer: how many schemas each has, its coupling, and what it depends on, by kind and number of
 * places. With a focus, a context or one of its modules: that one and its neighbours.
 */
export function contextsGraph(facts: Facts, focus: string | null): Graph {
  const known = facts.read(contexts);
  const centre = focus === null ? null : (known.of(focus)?.name ?? focus);
  const out = new GraphBuilder();
  const node = (boundary: Boundary): void => {
    const { afferent, efferent, instability } = known.coupling(boundary);
    const inCycle = known.cycles.some((cycle) => cycle.includes(boundary));
    out.node({
      id: boundary.name,
      label: boundary.name,
      kind: boundary.kind,
      details: {
        ...(boundary.schemas.length > 0 ? { schemas: boundary.schemas.length } : {}),
        ...(boundary.kind === "context" ? { Ca: afferent, Ce: efferent, I: instability.toFixed(2) } : {}),
        ...(inCycle ? { cycle: "yes" } : {}),
      },
    });
  };
  for (const boundary of known.boundaries) if (centre === null || boundary.name === centre) node(boundary);
  for (const { from, to, places } of known.edges) {
    if (from === to || (centre !== null && from.name !== centre && to.name !== centre)) continue;
    node(from);
    node(to);
    for (const [kind, count] of byKind(places))
      out.edge({ from: from.name, to: to.name, kind, label: `${count} ${kind}` });
  }
  return out.build();
}

function byKind(places: readonly Dependency[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of places) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
