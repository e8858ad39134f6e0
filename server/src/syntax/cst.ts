const STRIDE = 4;

/** What a tree is made of, as it can be handed to another thread. */
export interface CstNodes {
  readonly data: Int32Array<ArrayBuffer>;
  readonly pruned: readonly number[];
  readonly hasError: boolean;
}

/**
 * A concrete syntax tree as flat numbers in pre-order: for each node its kind, its range and how many nodes it spans.
 * Plain data, so that nothing outside the parser holds wasm memory. Punctuation is left out, operators are kept.
 * Offsets are UTF-16 code units of the parsed text.
 */
export class Cst {
  private data: Int32Array<ArrayBuffer>;
  length: number;
  /** True when the text does not parse; there are then no nodes. */
  hasError: boolean;
  /** Nodes that have more below them than was copied, ascending. */
  private readonly pruned: number[];

  /** @param nodes what the tree holds from the start; it is taken, not copied */
  constructor(
    private readonly kinds: readonly string[],
    nodes: CstNodes | null = null,
  ) {
    this.data = nodes?.data ?? new Int32Array(STRIDE * 1024);
    this.length = nodes ? nodes.data.length / STRIDE : 0;
    this.hasError = nodes?.hasError ?? false;
    this.pruned = nodes ? [...nodes.pruned] : [];
  }

  /** A copy of all nodes. */
  nodes(): CstNodes {
    return { data: this.data.slice(0, this.length * STRIDE), pruned: [...this.pruned], hasError: this.hasError };
  }

  clear(): void {
    this.length = 0;
    this.pruned.length = 0;
    this.hasError = false;
  }

  /** Adds a node and returns its index; `close` sets how much it spans. */
  open(kind: number, start: number, end: number): number {
    const at = this.length * STRIDE;
    if (at + STRIDE > this.data.length) {
      const wider = new Int32Array(this.data.length * 2);
      wider.set(this.data);
      this.data = wider;
    }
    this.data[at] = kind;
    this.data[at + 1] = start;
    this.data[at + 2] = end;
    this.data[at + 3] = 1;
    return this.length++;
  }

  /** Takes note that the node opened last is left without what is below it. */
  prune(node: number): void {
    this.pruned.push(node);
  }

  /** True when the node and all below it was copied. */
  isWhole(node: number): boolean {
    let low = 0;
    let high = this.pruned.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.pruned[middle] as number) < node) low = middle + 1;
      else high = middle;
    }
    return low === this.pruned.length || (this.pruned[low] as number) >= this.after(node);
  }

  /** Puts every node elsewhere, in the same order: by the new offset of each old one at which a node begins or ends. */
  move(places: { start(offset: number): number; end(offset: number): number }): void {
    for (let at = 0; at < this.length * STRIDE; at += STRIDE) {
      const start = places.start(this.data[at + 1] as number);
      this.data[at + 1] = start;
      this.data[at + 2] = Math.max(start, places.end(this.data[at + 2] as number));
    }
  }

  close(node: number): void {
    this.data[node * STRIDE + 3] = this.length - node;
  }

  kind(node: number): string {
    return this.kinds[this.data[node * STRIDE] as number] ?? "";
  }

  start(node: number): number {
    return this.data[node * STRIDE + 1] as number;
  }

  end(node: number): number {
    return this.data[node * STRIDE + 2] as number;
  }

  /** The index after the last descendant of `node`: its next sibling, or the next sibling of an ancestor. */
  after(node: number): number {
    return node + (this.data[node * STRIDE + 3] as number);
  }

  /** The children of `node`, comments left out. */
  children(node: number): number[] {
    const out: number[] = [];
    const end = this.after(node);
    for (let child = node + 1; child < end; child = this.after(child)) {
      if (this.kind(child) !== "comment") out.push(child);
    }
    return out;
  }

  /** The first child that is no comment, or -1. */
  first(node: number): number {
    const end = this.after(node);
    for (let child = node + 1; child < end; child = this.after(child)) {
      if (this.kind(child) !== "comment") return child;
    }
    return -1;
  }
}
