import type { Comment } from "./ast.ts";
import { commentsIn } from "./comments.ts";
import type { Cst } from "./cst.ts";
import type { Dialect } from "./dialect.ts";

/** `<%!-- lintel:… --%>` and `<%# lintel:… %>` */
const TEMPLATE_COMMENT = /<%(?:!--|#)\s*(?:lintel|credo):[\s\S]*?%>/g;
const LINTER_COMMENT = /#[^\n]*\b(?:lintel|credo):/;

/** Quick to say no, which is nearly always the answer. */
function speaksToLinter(text: string): boolean {
  return (text.includes("lintel:") || text.includes("credo:")) && LINTER_COMMENT.test(text);
}

/** The comments below the node of a form that speak to a linter, offsets relative to the form. */
export function linterComments(
  cst: Cst,
  node: number,
  text: string,
  form: { readonly start: number; readonly end: number },
): Comment[] {
  if (!speaksToLinter(text.slice(form.start, form.end))) return [];
  return commentsIn(cst, node, text, form.start).filter((comment) => LINTER_COMMENT.test(comment.text));
}

/** All comments of a file that speak to a linter, in source order; where it does not parse, those that have a line of their own. */
export function linterCommentsOfFile(cst: Cst, text: string): Comment[] {
  if (!speaksToLinter(text)) return [];
  const comments = cst.hasError ? commentLines(text) : commentsIn(cst, 0, text, 0);
  return comments.filter((comment) => LINTER_COMMENT.test(comment.text));
}

/** True for source with a template in it that speaks to a linter. */
export function hasTemplateComments(text: string): boolean {
  return text.search(TEMPLATE_COMMENT) >= 0;
}

/** The linter comments of a template whose text begins at `base`; `<%!-- … --%>` came after LEEx. */
export function templateComments(text: string, base: number, dialect: Dialect): Comment[] {
  const comments = [...text.matchAll(TEMPLATE_COMMENT)];
  return comments
    .filter(([all]) => dialect === "heex" || all.startsWith("<%#"))
    .map((match) => ({
      start: base + match.index,
      end: base + match.index + match[0].length,
      text: match[0],
    }));
}

/** Whole-line comments of a text that does not parse. */
function commentLines(text: string): Comment[] {
  return [...text.matchAll(/^[ \t]*(#.*)$/gm)].map((match) => {
    const start = match.index + match[0].length - (match[1] as string).length;
    return { start, end: start + (match[1] as string).trimEnd().length, text: (match[1] as string).trimEnd() };
  });
}
