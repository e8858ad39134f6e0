import { callsGraph } from "../project/graphs/calls.ts";
import { contextsGraph } from "../project/graphs/contexts.ts";
import { effectsGraph } from "../project/graphs/effects.ts";
import type { Graph } from "../project/graphs/graph.ts";
import { supervisionGraph } from "../project/graphs/supervision.ts";
import type { Facts } from "../project/project.ts";

export type { Graph, GraphEdge, GraphNode } from "../project/graphs/graph.ts";

/** What can be drawn of a project, by name; each takes the module in focus or null. */
const DRAWN = {
  effects: effectsGraph,
  supervision: supervisionGraph,
  contexts: contextsGraph,
  calls: callsGraph,
} as const satisfies Record<string, (facts: Facts, focus: string | null) => Graph>;

export type GraphKind = keyof typeof DRAWN;
export const GRAPHS = Object.keys(DRAWN) as readonly GraphKind[];

export function graphOf(facts: Facts, kind: GraphKind, focus: string | null): Graph {
  return DRAWN[kind](facts, focus);
}
