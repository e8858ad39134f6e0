import type { Range } from "../base/range.ts";
import type { Tag, TagAttribute } from "./ast.ts";
import { type Markup, Pieces } from "./pieces.ts";

/** A comment, in either spelling; `<%%`, which stands for `<%`; or a directive with what is in it. */
const DIRECTIVE = /<%!--[\s\S]*?--%>|<%#[\s\S]*?%>|<%%|<%=?([\s\S]*?)%>/g;
/** A comment, what is not markup though it may look so, a closing tag, or an opening one with its attributes. */
const MARKUP =
  /<!--[\s\S]*?-->|<(script|style)\b[^>]*>[\s\S]*?<\/\1>|<\/([a-z][\w:.-]*)\s*>|<([a-z][\w:.-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>/gi;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=]+))?/g;
const WHOLE = /^\s*<%=((?:(?!%>)[\s\S])*)%>\s*$/;
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/i;

/**
 * Reads LEEx: Elixir in `<% … %>`, anywhere in a text that need not be HTML. So its tags are taken as they come, each
 * closing one with the last that is open by its name.
 */
export function readLeex(text: string, base: number): Markup {
  const expressions: Range[] = [];
  const markup = text.replace(DIRECTIVE, (all, inner: string | undefined, at: number) => {
    const start = at + all.length - 2 - (inner?.length ?? 0);
    if (inner !== undefined) expressions.push({ start, end: start + inner.length });
    return "x".repeat(all.length);
  });
  return { elixir: Pieces.of(expressions, text), tags: tagsOf(markup, text, base) };
}

/** The tags of a text whose directives are blanked out. */
function tagsOf(markup: string, text: string, base: number): readonly Tag[] {
  const tags: Tag[] = [];
  const ends = new Map<number, number>();
  const open: { readonly index: number; readonly name: string }[] = [];
  for (const match of markup.matchAll(MARKUP)) {
    const [all, , closing, name, attributes = ""] = match;
    const { index: start } = match;
    const end = start + all.length;
    if (closing !== undefined) {
      const last = open.findLastIndex((one) => one.name === closing);
      for (const inner of last < 0 ? [] : open.splice(last))
        ends.set(inner.index, inner.name === closing ? end : start);
    }
    if (name === undefined) continue;
    const tag = {
      kind: "html" as const,
      name,
      start: base + start,
      end: base + end,
      elementEnd: base + end,
      attributes: attributesOf(attributes, start + 1 + name.length, text, base),
      parent: open.at(-1)?.index ?? -1,
    };
    if (!VOID.test(name) && !attributes.endsWith("/")) open.push({ index: tags.length, name });
    tags.push(tag);
  }
  for (const { index } of open) ends.set(index, text.length);
  return tags.map((tag, index) => ({ ...tag, elementEnd: base + (ends.get(index) ?? tag.end - base) }));
}

function attributesOf(markup: string, at: number, text: string, base: number): TagAttribute[] {
  return [...markup.matchAll(ATTRIBUTE)].map((match) => {
    const [all, name = "", quoted] = match;
    const start = at + match.index;
    const end = start + all.length;
    const quotes = /^["']/.test(quoted ?? "") ? 1 : 0;
    const from = end - (quoted?.length ?? 0) + quotes;
    const value = quoted === undefined ? null : text.slice(from, end - quotes);
    const range = { name: text.slice(start, start + name.length), start: base + start, end: base + end };
    if (!value?.includes("<%")) return { ...range, value, valueStart: base + from, expression: false };
    const inner = WHOLE.exec(value)?.[1];
    // What is written around an expression makes another value of it.
    if (inner === undefined) return { ...range, value: null, valueStart: base + end, expression: true };
    return { ...range, value: inner, valueStart: base + from + value.indexOf("<%=") + 3, expression: true };
  });
}
