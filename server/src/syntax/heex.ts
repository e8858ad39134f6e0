import type { Range } from "../base/range.ts";
import type { Tag, TagAttribute } from "./ast.ts";
import type { Cst } from "./cst.ts";
import type { Parser } from "./parser.ts";
import { type Markup, Pieces } from "./pieces.ts";

/** Attributes that the grammar does not know are special; the same length under a name that it takes. */
const UNKNOWN_SPECIAL = /(?<=\s):(?=(?:key|type)=)/g;
/** What stands between `<%` and `%>`, comments left out: the grammar stumbles over blocks inside it. */
const DIRECTIVE = /(<%=?)(?![!#%])([\s\S]*?)(?=%>)/g;
/** Void elements without the `/` that the grammar wants; HTML does not ask for it. */
const VOID =
  /<(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b(?:[^<>{}"']|"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*(?<!\/)>/g;
/** Elements whose text is not HEEx: braces in it open no expression, and `a < b` no tag. */
const RAW_MARKS = /[{}]|<(?!%)|(?<!%)>/g;
const RAW_TEXT = /(<(script|style)\b[^>]*(?<!\/)>)([\s\S]*?)(?=<\/\2>)/g;
/** An element whose text is no Elixir, though its tags are HEEx; and in its text a tag, or a brace. */
const NO_CURLY = /(<([a-z][\w-]*)\b[^>]*\sphx-no-curly-interpolation\b[^>]*>)([\s\S]*?)(?=<\/\2>)/g;
const TAG_OR_BRACE = /<[^>]*>|[{}]/g;

/** Reads HEEx whose text begins at `base`; null where it does not parse. */
export function readHeex(parser: Parser, text: string, base: number): Markup | null {
  const markupOf = (source: string): Markup | null => {
    const { closed, place } = closeVoid(source);
    return parser.heex(closed, (cst) => {
      if (cst.hasError) return null;
      const placed = new PlacedCst(cst, place);
      return { elixir: Pieces.of(expressionsOf(placed), text), tags: tagsOf(placed, text, base) };
    });
  };
  const masked = text
    .replace(DIRECTIVE, (_all, open: string, inner: string) => open + "x".repeat(inner.length))
    .replace(UNKNOWN_SPECIAL, "z")
    .replace(RAW_TEXT, (_all, open: string, _name: string, inner: string) => open + inner.replace(RAW_MARKS, " "))
    .replace(
      NO_CURLY,
      (_all, open: string, _name: string, inner: string) => open + inner.replace(TAG_OR_BRACE, asText),
    );
  return markupOf(masked) ?? markupOf(withoutStumbling(masked));
}

const BRACES = String.raw`\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}`;
const VALUES = `"[^"]*"|'[^']*'|${BRACES}`;
/** A comment, a directive, a tag or an expression; or a `>` or `}` that belongs to none of them. */
const MARKUP = new RegExp(
  `<!--[\\s\\S]*?-->|<%[\\s\\S]*?%>|<[/:]?[\\w.:](?:[^<>{}"']|${VALUES}|\\}|(?<=\\s)<(?=\\w+\\s))*>|${BRACES}|[>}]`,
  "g",
);
/** In a tag: the value of an attribute, or the name of one that is a slip of the pen, which HEEx passes on as it is: `{@rest} }`. */
const VALUE_OR_SLIP = new RegExp(`${VALUES}|(?<=[\\s"'}])[<})\\],;][^\\s=>{"'/]*(?=[\\s/>])`, "g");
const DOCTYPE = /<!doctype\b[^>]*>/gi;
/** `<._private`, `<.Chart`: the grammar knows no such names. */
const UNKNOWN_NAME = /(?<=<\/?\.)[A-Z_]/g;
/** A brace that neither opens nor closes an expression: `{~S|\{|}`. */
const ESCAPED_BRACE = /\\[{}]/g;

/** The template, at the same length, without what is valid and the grammar does not take. */
function withoutStumbling(text: string): string {
  return text
    .replace(DOCTYPE, blank)
    .replace(UNKNOWN_NAME, "z")
    .replace(ESCAPED_BRACE, "xx")
    .replace(MARKUP, (token) => {
      if (token.length === 1) return " ";
      return /^<[^!%]/.test(token)
        ? token.replace(VALUE_OR_SLIP, (part) => (/^["'{]/.test(part) ? part : blank(part)))
        : token;
    });
}

/** Tags stay; a brace is none of HEEx's. */
function asText(found: string): string {
  return found.length === 1 ? " " : found;
}

/** Gives void elements their `/`. `place` is the offset in the original of an offset in what it returns. */
function closeVoid(text: string): { closed: string; place: (offset: number) => number } {
  const inserted: number[] = [];
  const closed = text.replace(VOID, (tag, at: number) => {
    inserted.push(at + inserted.length + tag.length - 1);
    return `${tag.slice(0, -1)}/>`;
  });
  const place = (offset: number): number => {
    let low = 0;
    let high = inserted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((inserted[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return offset - low;
  };
  return { closed, place };
}

/** A tree whose offsets are those of the template as it is written. */
class PlacedCst {
  constructor(
    private readonly cst: Cst,
    private readonly place: (offset: number) => number,
  ) {}

  get length(): number {
    return this.cst.length;
  }

  kind(node: number): string {
    return this.cst.kind(node);
  }

  children(node: number): number[] {
    return this.cst.children(node);
  }

  first(node: number): number {
    return this.cst.first(node);
  }

  start(node: number): number {
    return this.place(this.cst.start(node));
  }

  end(node: number): number {
    return this.place(this.cst.end(node));
  }
}

const EXPRESSIONS = new Set(["expression_value", "partial_expression_value", "ending_expression_value"]);

/** The expressions of the template. */
function* expressionsOf(cst: PlacedCst): Generator<Range> {
  for (let node = 0; node < cst.length; node++)
    if (EXPRESSIONS.has(cst.kind(node))) yield { start: cst.start(node), end: cst.end(node) };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

const OPENINGS: ReadonlyMap<string, Tag["kind"]> = new Map([
  ["start_tag", "html"],
  ["self_closing_tag", "html"],
  ["start_component", "component"],
  ["self_closing_component", "component"],
  ["start_slot", "slot"],
  ["self_closing_slot", "slot"],
]);
const ELEMENTS = new Set(["tag", "component", "slot"]);

/** Tags nested deeper are left out: the walk recurses. */
const MAX_DEPTH = 400;

function tagsOf(cst: PlacedCst, text: string, base: number): Tag[] {
  const tags: Tag[] = [];
  const walk = (node: number, parent: number, depth: number): void => {
    if (depth > MAX_DEPTH) return;
    let around = parent;
    for (const child of cst.children(node)) {
      const kind = OPENINGS.get(cst.kind(child));
      if (kind) {
        const isElement = ELEMENTS.has(cst.kind(node));
        around = isElement ? tags.length : parent;
        const isOpen = isElement && cst.kind(child).startsWith("start");
        const elementEnd = base + cst.end(isOpen ? node : child);
        tags.push(tagOf(cst, child, kind, text, base, parent, elementEnd));
      } else walk(child, around, depth + 1);
    }
  };
  walk(0, -1, 0);
  return tags;
}

function tagOf(
  cst: PlacedCst,
  node: number,
  kind: Tag["kind"],
  text: string,
  base: number,
  parent: number,
  elementEnd: number,
): Tag {
  const attributes: TagAttribute[] = [];
  let name = "";
  for (const child of cst.children(node)) {
    const type = cst.kind(child);
    if (/name$/.test(type)) name = text.slice(cst.start(child), cst.end(child));
    else if (type === "attribute" || type === "special_attribute") attributes.push(attributeOf(cst, child, text, base));
  }
  return { kind, name, start: base + cst.start(node), end: base + cst.end(node), elementEnd, attributes, parent };
}

function attributeOf(cst: PlacedCst, node: number, text: string, base: number): TagAttribute {
  const [name, value] = cst.children(node);
  const inner = value === undefined ? -1 : cst.first(value);
  const [from, to] = inner < 0 ? [cst.end(node), cst.end(node)] : [cst.start(inner), cst.end(inner)];
  return {
    name: name === undefined ? "" : text.slice(cst.start(name), cst.end(name)),
    start: base + cst.start(node),
    end: base + cst.end(node),
    value: value === undefined ? null : text.slice(from, to),
    valueStart: base + from,
    expression: value !== undefined && cst.kind(value) === "expression",
  };
}
