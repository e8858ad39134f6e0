import type { Range } from "../base/range.ts";
import { type Anchor, type Edit, type Fix, type FormSource, fix } from "../lint/rule.ts";
import type { Binary, Node, Template } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { attributeOf, freeReads, tagsAround } from "../syntax/markup.ts";
import { ancestors, find, visit } from "../syntax/visit.ts";

/**
 * `total = expression` as `assigns = assign(assigns, :total, expression)` before the template at that place, which then reads
 * `@total`; null for patterns, and where an assign of that name is known already.
 */
export function assignVariable(name: string, template: Anchor): Fix {
  return fix(`Assign \`@${name}\``, (source) => {
    const at = source.elsewhere(template)?.at;
    const match = source.node(source.at)?.parent;
    return at && match?.type === "binary" ? assigned(source, match, at, name) : null;
  });
}

function assigned(source: FormSource, own: Binary, template: Range, name: string): Edit[] | null {
  const { ast } = source;
  const tpl = find(ast, (n) => n.type === "template" && n.start === template.start);
  if (tpl?.type !== "template" || ast.type !== "def" || isTaken(source, name)) return null;
  const reads = freeReads(tpl, name).filter((read) => read.start >= own.end);
  const written = (value: string): string => `assigns = assign(assigns, :${name}, ${value})`;
  const show = reads.map((read) => source.replace(read, `@${name}`));
  const takesAssigns = ast.params.some((param) => boundNames(param).has("assigns"));
  if (!takesAssigns || bindings(ast, name) !== 1 || reads.some(isPinned)) return null;
  if (own.start < tpl.start) {
    const others = occurrences(ast, name).filter((n) => n !== own.left && !reads.some((read) => read === n));
    if (others.length === 0 && isArgument(own.right))
      return [source.replace(own, written(source.text(own.right))), ...show];
    return [source.insertAfter(own, `\n${source.indentation(own)}${written(name)}`), ...show];
  }
  return moved(source, own, tpl, written, show);
}

/** A `<% total = … %>` of its own line, taken out before the template. */
function moved(
  source: FormSource,
  own: Binary,
  template: Template,
  written: (value: string) => string,
  show: readonly Edit[],
): Edit[] | null {
  const sigil = template.parent;
  if (!sigil || sigil.parent?.type !== "block" || own.parent !== template.body) return null;
  const isUnconditional = tagsAround(template, own).every(
    (tag) => tag.kind === "html" && !attributeOf(tag, ":if") && !attributeOf(tag, ":for"),
  );
  const local = find(own.right, (n) => n.type === "variable" || n.type === "fn" || n.type === "capture");
  const open = source.between(template.start, own.start).lastIndexOf("<%");
  const close = source.between(own.end, template.end).indexOf("%>");
  if (!isUnconditional || !isArgument(own.right) || local || open < 0 || close < 0) return null;
  const directive = { start: template.start + open, end: own.end + close + 2 };
  const isOnly = /^<%\s*$/.test(source.between(directive.start, own.start));
  if (!isOnly || source.between(own.end, directive.end - 2).trim() !== "") return null;
  const value = withFields(source, own.right);
  const before = `${written(value)}\n\n${source.indentation(sigil)}`;
  const lineBefore = source.between(template.start, directive.start);
  const lineAfter = source.between(directive.end, template.end);
  const isAlone = /(?:^|\n)[ \t]*$/.test(lineBefore) && /^[ \t]*\r?\n/.test(lineAfter);
  return [
    source.insertBefore(sigil, before),
    isAlone ? source.removeLines(directive) : source.replace(directive, ""),
    ...show,
  ];
}

/** False for what Elixir takes as an argument in parentheses only. */
function isArgument(node: Node): boolean {
  return find(node, (n) => n.type === "call" && !n.parens && n.args.length > 0 && n.name !== "") === null;
}

/** The expression with `assigns.key` for `@key`, which has a meaning in templates only. */
function withFields(source: FormSource, expression: Node): string {
  let text = "";
  let at = expression.start;
  visit(expression, (node) => {
    if (node.type !== "attribute") return;
    text += `${source.between(at, node.start)}assigns.${node.name}`;
    at = node.end;
  });
  return text + source.between(at, expression.end);
}

function isPinned(read: Node): boolean {
  return read.parent?.type === "unary" && read.parent.operator === "^";
}

function occurrences(def: Node, name: string): Node[] {
  const out: Node[] = [];
  visit(def, (node) => {
    if (node.type === "variable" && node.name === name) out.push(node);
  });
  return out;
}

/** How many matches in the function bind the name. */
function bindings(def: Node, name: string): number {
  return occurrences(def, name).filter((node) =>
    [...ancestors(node)].some(
      (outer) => outer.type === "binary" && outer.operator === "=" && node.end <= outer.left.end,
    ),
  ).length;
}

/** True when the module knows an assign or attribute of that name, or an assign that looks like one. */
function isTaken(source: FormSource, name: string): boolean {
  const known = new RegExp(`:${name}\\b|@${name}\\b|\\bassigns\\.${name}\\b|\\b${name}:\\s`);
  return source.siblings().some((form) => known.test(form.between(form.ast.start, form.ast.end)));
}
