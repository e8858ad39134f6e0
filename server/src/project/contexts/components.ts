/**
 * The strongly connected components of a graph that have more than one node, by Tarjan's algorithm; nodes in the order
 * in which they are given. Written without recursion: a graph may be one long chain.
 */
export function components(nodes: readonly string[], next: (node: string) => readonly string[]): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();
  const found: string[][] = [];
  const lower = (node: string, value: number): void => {
    low.set(node, Math.min(low.get(node) ?? value, value));
  };
  const enter = (node: string): { node: string; left: string[] } => {
    order.set(node, order.size);
    lower(node, order.size - 1);
    open.push(node);
    isOpen.add(node);
    return { node, left: [...next(node)].reverse() };
  };
  for (const start of nodes) {
    if (order.has(start)) continue;
    const path = [enter(start)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node, left } = top;
      const to = left.pop();
      if (to !== undefined) {
        if (!order.has(to)) path.push(enter(to));
        else if (isOpen.has(to)) lower(node, order.get(to) ?? 0);
        continue;
      }
      path.pop();
      const around = path.at(-1);
      if (around) lower(around.node, low.get(node) ?? 0);
      if (low.get(node) !== order.get(node)) continue;
      const component = open.splice(open.indexOf(node));
      for (const member of component) isOpen.delete(member);
      if (component.length > 1) found.push(component.sort());
    }
  }
  return found;
}

/** A shortest way from one node to another, both included; null when there is none. */
export function shortestPath(from: string, to: string, next: (node: string) => readonly string[]): string[] | null {
  const cameFrom = new Map<string, string | null>([[from, null]]);
  for (const node of cameFrom.keys()) {
    if (node === to) {
      const path = [node];
      for (let at = cameFrom.get(node) ?? null; at !== null; at = cameFrom.get(at) ?? null) path.unshift(at);
      return path;
    }
    for (const step of next(node)) if (!cameFrom.has(step)) cameFrom.set(step, node);
  }
  return null;
}
