import type { Node, Template } from "../ast.ts";
import type { Cst } from "../cst.ts";
import type { Dialect } from "../dialect.ts";
import type { Env } from "../env.ts";
import { make } from "../make.ts";

/** Reads the template of a sigil whose text begins at `start`, relative to the form. */
export type TemplateReader = (text: string, start: number, dialect: Dialect, env: Env) => Template;

/**
 * The lowering of one form, as the functions for its kinds of nodes see it: what they read, and the way back to the
 * nodes below their own. Nodes of the tree are numbers, `i` the one in hand.
 */
export abstract class Lowering {
  /**
   * @param text the text that the tree was parsed from
   * @param base offset of the form in that text; the AST's offsets are relative to it
   * @param env the names in force where the lowering stands just now
   */
  constructor(
    readonly cst: Cst,
    readonly text: string,
    readonly base: number,
    public env: Env,
    readonly templates: TemplateReader,
  ) {}

  /** Lowers the node and all below it. */
  abstract node(i: number): Node;

  /** What is not understood. */
  unknown(i: number): Node {
    return make({ type: "unknown", parent: null, start: this.start(i), end: this.end(i) });
  }

  start(i: number): number {
    return this.cst.start(i) - this.base;
  }

  end(i: number): number {
    return this.cst.end(i) - this.base;
  }

  /** Where the node ends when white space that the grammar counts in is left out. */
  trimmedEnd(i: number): number {
    return this.start(i) + this.source(i).trimEnd().length;
  }

  source(i: number): string {
    return this.text.slice(this.cst.start(i), this.cst.end(i));
  }

  /** The operator of a binary node, or empty. */
  operatorOf(i: number): string {
    if (this.cst.kind(i) !== "binary_operator") return "";
    const operator = this.cst.children(i)[1];
    return operator === undefined ? "" : this.cst.kind(operator);
  }
}
