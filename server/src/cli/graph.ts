import { GRAPHS, type Graph, type GraphKind, type Session } from "../lint/session.ts";
import { formatDot } from "./format/dot.ts";
import { formatMermaid } from "./format/mermaid.ts";
import { UsageError } from "./usage-error.ts";
import { loadWorkspace } from "./workspace.ts";

export { GRAPHS };
export const GRAPH_FORMATS = ["mermaid", "dot", "json"] as const;

export interface GraphOptions {
  readonly format: (typeof GRAPH_FORMATS)[number];
  /** A module: only what concerns it. */
  readonly focus?: string;
}

/**
 * Prints a graph of the project at the folder.
 * @throws UsageError when the folder or the module in focus does not exist.
 */
export async function graph(
  session: Session,
  kind: GraphKind,
  folder: string | undefined,
  options: GraphOptions,
): Promise<void> {
  const { roots } = await loadWorkspace(session, folder === undefined ? [] : [folder], new Map(), false);
  const focus = options.focus ?? null;
  const merged: Graph = {
    nodes: roots.flatMap((root) => session.graph(root, kind, focus).nodes),
    edges: roots.flatMap((root) => session.graph(root, kind, focus).edges),
  };
  if (focus !== null && merged.nodes.length === 0 && !roots.some((root) => session.hasModule(root, focus)))
    throw new UsageError(`there is no module ${focus} in ${roots.join(", ")}`);
  process.stdout.write(formatted(merged, options.format));
}

function formatted(graph: Graph, format: GraphOptions["format"]): string {
  if (format === "dot") return formatDot(graph);
  return format === "mermaid" ? formatMermaid(graph) : `${JSON.stringify(graph, null, 2)}\n`;
}
