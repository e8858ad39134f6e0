import type { Block, Tag, TagAttribute, Template } from "./ast.ts";
import type { Cst } from "./cst.ts";
import { lower, make, type TemplateReader } from "./lower.ts";
import type { Parser } from "./parser.ts";

/** Attributes that the grammar does not know are special; the same length under a name that it takes. */
const UNKNOWN_SPECIAL = /(?<=\s):(?=(?:key|type)=)/g;
/** What stands between `<%` and `%>`, comments left out: the grammar stumbles over blocks inside it. */
const DIRECTIVE = /(<%=?)(?![!#%])([\s\S]*?)(?=%>)/g;
/** Void elements without the `/` that the grammar wants; HTML does not ask for it. */
const VOID =
  /<(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b(?:[^<>{}"']|"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\})*(?<!\/)>/g;
/** Elements whose text is not HEEx: braces in it open no expression, and `a < b` no tag. */
const RAW_MARKS = /[{}]|<(?!%)|(?<!%)>/g;
const RAW_TEXT = /(<(script|style)\b[^>]*>)([\s\S]*?)(?=<\/\2>)/g;

/**
 * Reads HEEx. Its Elixir is read in one piece, without the markup between, so that `<%= for x <- xs do %> … <% end %>` is a
 * plain `for` again; then every node is moved to where it stands in the template.
 */
export function templateReader(parser: Parser): TemplateReader {
  const read: TemplateReader = (text, start, env) => {
    const markupOf = (source: string): { elixir: Pieces; tags: Tag[] } | null => {
      const { closed, place } = closeVoid(source);
      return parser.heex(closed, (cst) => {
        if (cst.hasError) return null;
        const placed = new PlacedCst(cst, place);
        return { elixir: elixirOf(placed, text), tags: tagsOf(placed, text, start) };
      });
    };
    const masked = text
      .replace(DIRECTIVE, (_all, open: string, inner: string) => open + "x".repeat(inner.length))
      .replace(UNKNOWN_SPECIAL, "z")
      .replace(RAW_TEXT, (_all, open: string, _name: string, inner: string) => open + inner.replace(RAW_MARKS, " "));
    const markup = markupOf(masked) ?? markupOf(withoutStumbling(masked));
    const body =
      markup &&
      parser.elixir(markup.elixir.source, (cst) => {
        if (cst.hasError) return null;
        cst.move(markup.elixir);
        const block = lower(cst, 0, text, -start, env, read);
        return block.type === "block" ? block : null;
      });
    const end = start + text.length;
    const empty = (): Block => make<Block>({ type: "block", parent: null, start: end, end, statements: [] });
    return make<Template>({
      type: "template",
      parent: null,
      start,
      end,
      body: body ?? empty(),
      tags: markup?.tags ?? [],
      broken: body === null,
    });
  };
  return read;
}

const BRACES = String.raw`\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}`;
/** A comment, a directive, a tag or an expression; or a `>` that belongs to none of them. */
const MARKUP = new RegExp(
  `<!--[\\s\\S]*?-->|<%[\\s\\S]*?%>|<[/:]?[\\w.:](?:[^<>{}"']|"[^"]*"|'[^']*'|${BRACES})*>|${BRACES}|>`,
  "g",
);
const DOCTYPE = /<!doctype\b[^>]*>/gi;
/** `<._private`: the grammar knows no such names. */
const PRIVATE = /(?<=<\/?\.)_/g;

/** The template, at the same length, without what is valid and the grammar does not take. */
function withoutStumbling(text: string): string {
  return text
    .replace(DOCTYPE, blank)
    .replace(PRIVATE, "z")
    .replace(MARKUP, (token) => (token === ">" ? " " : token));
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

const CLAUSE = /->\s*$/;

/** The Elixir of a template, and where in the template each piece of it stands. */
class Pieces {
  source = "";
  private readonly ends: number[] = [];
  private readonly shifts: number[] = [];

  /** Adds what stands in the template at the offset, and a line break after it. */
  add(text: string, at: number): void {
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

/**
 * The Elixir of the template, expression by expression. A clause that holds markup alone has an empty block for a body: the
 * grammar takes none without.
 */
function elixirOf(cst: PlacedCst, text: string): Pieces {
  const pieces = new Pieces();
  let at = 0;
  let inClause = false;
  for (let node = 0; node < cst.length; node++) {
    if (!EXPRESSIONS.has(cst.kind(node))) continue;
    const start = cst.start(node);
    const end = cst.end(node);
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
        tags.push({ ...tagOf(cst, child, kind, text, base, parent), elementEnd });
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
): Omit<Tag, "elementEnd"> {
  const attributes: TagAttribute[] = [];
  let name = "";
  for (const child of cst.children(node)) {
    const type = cst.kind(child);
    if (/name$/.test(type)) name = text.slice(cst.start(child), cst.end(child));
    else if (type === "attribute" || type === "special_attribute") attributes.push(attributeOf(cst, child, text, base));
  }
  return { kind, name, start: base + cst.start(node), end: base + cst.end(node), attributes, parent };
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
