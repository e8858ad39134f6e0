import type { Range } from "../base/range.ts";
import { indentationAt, lineEndAt, lineStartAt } from "../base/text.ts";
import type { Anchor } from "../facts/facts.ts";
import type { Node } from "../syntax/ast.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { find } from "../syntax/visit.ts";
import type { Edit, FormSource } from "./rule.ts";

const WRAPPERS: ReadonlySet<Node["type"]> = new Set(["block", "section", "clause"]);

/** The file that a `Source` makes edits of. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The forms of the module with that index, in order; those that do not parse are left out. */
  siblings(module: number): readonly FormSource[];
  /** A form of any file of the project. */
  elsewhere(at: Anchor): FormSource | null;
}

/** A form in its file: the engine's side of `FormSource`. */
export class Source implements FormSource {
  readonly path: string;
  readonly ast: Node;
  readonly env;

  constructor(
    private readonly file: SourceFile,
    syntax: FormSyntax,
    private readonly start: number,
    private readonly module: number,
    readonly at: Range,
  ) {
    this.path = file.path;
    this.ast = syntax.ast;
    this.env = syntax.env;
  }

  text(node: Range): string {
    return this.between(node.start, node.end);
  }

  between(start: number, end: number): string {
    return this.file.text.slice(this.start + start, this.start + end);
  }

  node(range: Range): Node | null {
    // Not the block or clause around an expression that covers the same text: nobody means that.
    return find(this.ast, (node) => node.start === range.start && node.end === range.end && !WRAPPERS.has(node.type));
  }

  indentation(node: Range): string {
    return indentationAt(this.file.text, this.start + node.start);
  }

  replace(node: Range, text: string): Edit {
    return { path: this.path, start: this.start + node.start, end: this.start + node.end, text };
  }

  insertBefore(node: Range, text: string): Edit {
    return this.replace({ start: node.start, end: node.start }, text);
  }

  insertAfter(node: Range, text: string): Edit {
    return this.replace({ start: node.end, end: node.end }, text);
  }

  removeLines(node: Range): Edit {
    const start = lineStartAt(this.file.text, this.start + node.start);
    const end = lineEndAt(this.file.text, this.start + node.end);
    return { path: this.path, start, end, text: "" };
  }

  siblings(): readonly FormSource[] {
    return this.file.siblings(this.module);
  }

  elsewhere(at: Anchor): FormSource | null {
    return this.file.elsewhere(at);
  }
}
