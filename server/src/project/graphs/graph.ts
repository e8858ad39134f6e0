/** A graph to be drawn: plain data, in an order that does not depend on that of the files. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** What it is: a module, a function, a supervisor. */
  readonly kind: string;
  /** Figures and facts about it, in the order in which they are to be shown. */
  readonly details?: Readonly<Record<string, string | number>>;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: string;
  readonly label?: string;
}

/** Collects nodes and edges; the same node or edge twice is one. */
export class GraphBuilder {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges = new Map<string, GraphEdge>();

  node(node: GraphNode): void {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
  }

  edge(edge: GraphEdge): void {
    this.edges.set(`${edge.from}\n${edge.to}\n${edge.kind}`, edge);
  }

  build(): Graph {
    const byId = (a: GraphNode, b: GraphNode): number => (a.id < b.id ? -1 : 1);
    const byEnds = (a: GraphEdge, b: GraphEdge): number =>
      `${a.from}\n${a.to}\n${a.kind}` < `${b.from}\n${b.to}\n${b.kind}` ? -1 : 1;
    return { nodes: [...this.nodes.values()].sort(byId), edges: [...this.edges.values()].sort(byEnds) };
  }
}
