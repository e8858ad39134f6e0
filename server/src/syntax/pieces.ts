import type { Range } from "../base/range.ts";
import type { Tag } from "./ast.ts";

/** What a template consists of. */
export interface Markup {
  readonly elixir: Pieces;
  readonly tags: readonly Tag[];
}

const CLAUSE = /->\s*$/;

/** The Elixir of a template in one text, and where in the template each piece of it stands. */
export class Pieces {
  source = "";
  private readonly ends: number[] = [];
  private readonly shifts: number[] = [];

  /**
   * The expressions of the template, in source order. A clause that holds markup alone has an empty block for a body: the
   * grammar takes none without.
   */
  static of(expressions: Iterable<Range>, text: string): Pieces {
    const pieces = new Pieces();
    let at = 0;
    let inClause = false;
    for (const { start, end } of expressions) {
      if (start < at) continue;
      const source = text.slice(start, end);
      const isClause = CLAUSE.test(source);
      if (inClause && isClause) pieces.add("()", at);
      pieces.add(source, start);
      at = Math.min(end + 1, text.length);
      inClause = isClause;
    }
    return pieces;
  }

  /** Adds what stands in the template at the offset, and a line break after it. */
  private add(text: string, at: number): void {
    this.shifts.push(at - this.source.length);
    this.ends.push(this.source.length + text.length);
    this.source += `${text}\n`;
  }

  /** Where in the template a node begins. */
  start(offset: number): number {
    let low = 0;
    let high = this.ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return Math.min(offset, this.ends[low] ?? 0) + (this.shifts[low] ?? 0);
  }

  /** Where in the template a node ends; the line break after a piece is not of the template. */
  end(offset: number): number {
    return this.start(this.source[offset - 1] === "\n" ? offset - 1 : offset);
  }
}
