import type { Expansions } from "../base/use.ts";
import type { Comment, Node } from "./ast.ts";
import type { Cst } from "./cst.ts";
import { type Dialect, dialectOfSigil } from "./dialect.ts";
import { afterStatement, type Env, isEnvironmental } from "./env.ts";
import { isOpaque } from "./form-text.ts";
import { hasTemplateComments, linterComments, templateComments } from "./linter-comments.ts";
import type { TemplateReader } from "./lower/lowering.ts";
import { lower } from "./lower.ts";
import { type OutlineForm, outline } from "./outline.ts";
import type { Parser } from "./parser.ts";
import { visit } from "./visit.ts";

/** The syntax of one form, as the facts and rules get it; it is not kept. */
export interface FormSyntax {
  readonly text: string;
  readonly ast: Node;
  readonly env: Env;
  /** Comments that speak to a linter (`# lintel:…`, `# credo:…`), offsets relative to the form. */
  readonly comments: readonly Comment[];
}

/** What reading a form takes. */
export interface FormTools {
  readonly parser: Parser;
  readonly templates: TemplateReader;
  /** What the project's own `use` macros bring in. */
  readonly expansions: Expansions;
}

export interface ParsedForm {
  readonly syntax: FormSyntax;
  /** The environment after the form when it changes that, else null. */
  readonly envAfter: Env | null;
}

export interface ParsedSlice extends ParsedForm {
  /** True when the form is all that the slice holds. */
  readonly sole: boolean;
}

/** Parses a text that should be one form; null when it has an error or holds no form. */
export function parseSlice(tools: FormTools, slice: string, env: Env): ParsedSlice | null {
  return tools.parser.elixir(slice, (cst) => {
    if (cst.hasError) return null;
    const [item, ...rest] = outline(cst, slice).items;
    if (!item) return null;
    if (item.kind === "module") return { ...unread(slice, env), sole: false };
    const sole = rest.length === 0 && item.start === 0 && item.end === slice.length;
    return { ...(isOpaque(slice) ? unread(slice, env) : syntaxAt(tools, cst, item, slice, env)), sole };
  });
}

/** A form that is not looked into. */
export function unread(text: string, env: Env): ParsedForm {
  const ast: Node = { type: "unknown", start: 0, end: text.length, parent: null };
  return { syntax: { text, env, comments: [], ast }, envAfter: null };
}

/** The form at that place of a tree of the text. */
export function syntaxAt(tools: FormTools, cst: Cst, item: OutlineForm, text: string, env: Env): ParsedForm {
  const own = text.slice(item.start, item.end);
  const ast = lower(cst, item.node, text, item.start, env, tools.templates);
  const comments = linterComments(cst, item.node, text, item);
  if (hasTemplateComments(own)) {
    visit(ast, (node) => {
      const dialect = node.type === "sigil" ? dialectOfSigil(node.name) : null;
      if (node.type === "sigil" && dialect)
        comments.push(...templateComments(node.content, node.contentStart, dialect));
    });
  }
  const after = isEnvironmental(ast) ? afterStatement(env, ast, tools.expansions) : env;
  return { syntax: { text: own, ast, env, comments }, envAfter: after === env ? null : after };
}

/** The one form of a template file. */
export function templateSyntax(templates: TemplateReader, text: string, dialect: Dialect, env: Env): FormSyntax {
  return { text, env, ast: templates(text, 0, dialect, env), comments: templateComments(text, 0, dialect) };
}
