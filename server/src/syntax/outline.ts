import type { Cst } from "./cst.ts";

/** A form's place in the file: a child of a module's `do` block, or of the file itself. Offsets are the text's. */
export interface OutlineForm {
  readonly kind: "form";
  readonly start: number;
  readonly end: number;
  /** The node in the tree that the outline was read from, or -1 when the text of the form must be parsed by itself. */
  readonly node: number;
}

export interface OutlineModule {
  readonly kind: "module";
  /** `defmodule`, `defprotocol`, `defimpl`; empty for the file itself. */
  readonly keyword: string;
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** For `defimpl P, for: X`, the text of `X`. */
  readonly implementsFor: string | null;
  readonly items: readonly (OutlineForm | OutlineModule)[];
}

const MODULE_KEYWORDS = new Set(["defmodule", "defprotocol", "defimpl"]);
/** Of a list the first: an implementation for several has a module for each, with the same source. */
const IMPLEMENTS_FOR = /\bfor:\s*\[?\s*([\w.]+)/;
/** Modules nested deeper are forms: the walks over them recurse. */
const MAX_DEPTH = 50;

/** The forms of a text that parses, read off its tree. */
export function outline(cst: Cst, text: string): OutlineModule {
  return {
    kind: "module",
    keyword: "",
    start: 0,
    end: text.length,
    nameStart: 0,
    nameEnd: 0,
    implementsFor: null,
    items: cst.children(0).flatMap((child) => itemsOf(cst, child, text, 0)),
  };
}

function itemsOf(cst: Cst, node: number, text: string, depth: number): (OutlineForm | OutlineModule)[] {
  if (cst.kind(node) === "call" && depth < MAX_DEPTH) {
    const module = moduleOf(cst, node, text, depth);
    if (module) return [module];
    const inner = wrappedItems(cst, node, text, depth);
    if (inner) return inner;
  }
  return [{ kind: "form", start: cst.start(node), end: cst.end(node), node }];
}

interface CallParts {
  name: string;
  args: number;
  block: number;
}

function callParts(cst: Cst, call: number, text: string): CallParts {
  let name = "";
  let args = -1;
  let block = -1;
  for (const child of cst.children(call)) {
    const kind = cst.kind(child);
    if (kind === "identifier" && child === cst.first(call)) name = text.slice(cst.start(child), cst.end(child));
    else if (kind === "arguments") args = child;
    else if (kind === "do_block") block = child;
  }
  return { name, args, block };
}

function moduleOf(cst: Cst, node: number, text: string, depth: number): OutlineModule | null {
  const { name, args, block } = callParts(cst, node, text);
  if (!MODULE_KEYWORDS.has(name) || block < 0 || args < 0) return null;
  const [first, options] = cst.children(args);
  if (first === undefined) return null;
  const source = options === undefined ? "" : text.slice(cst.start(options), cst.end(options));
  return {
    kind: "module",
    keyword: name,
    start: cst.start(node),
    end: cst.end(node),
    nameStart: cst.start(first),
    nameEnd: cst.end(first),
    implementsFor: IMPLEMENTS_FOR.exec(source)?.[1] ?? null,
    items: cst.children(block).flatMap((child) => itemsOf(cst, child, text, depth + 1)),
  };
}

const DEFINITIONS = /^def(?:p|macro|macrop|delegate|guard|guardp)?$/;

/** What is compiled for tests only; a whole file of it has a class of its own. */
const FOR_TESTS = /^if\s*\(?\s*Mix\.env\(\)\s*==\s*:test\s*\)?\s*$/;

/**
 * `if Code.ensure_loaded?(X) do defmodule … end end`: modules and functions inside count as if the `if` were not there, those
 * of both its ways; inside a module, not those that only tests have. So do modules inside a macro of the project, as in `Shop.if_hosted do defmodule … end end`.
 */
function wrappedItems(cst: Cst, node: number, text: string, depth: number): (OutlineForm | OutlineModule)[] | null {
  const { name, block } = callParts(cst, node, text);
  const isIf = name === "if" || name === "unless";
  if (block < 0 || name === "quote" || (!isIf && depth > 0)) return null;
  const ways = cst.children(block);
  const elsewhere = ways.flatMap((child) => (cst.kind(child) === "else_block" ? cst.children(child) : []));
  const inner = [...ways.filter((child) => cst.kind(child) !== "else_block"), ...elsewhere];
  const defines = inner.some((child) => {
    const called = cst.kind(child) === "call" ? callParts(cst, child, text).name : "";
    return MODULE_KEYWORDS.has(called) || (isIf && DEFINITIONS.test(called));
  });
  if (!defines) return null;
  const forTests = depth > 0 && FOR_TESTS.test(text.slice(cst.start(node), cst.start(block)));
  return (forTests ? elsewhere : inner)
    .filter((child) => !cst.kind(child).endsWith("_block"))
    .flatMap((child) => itemsOf(cst, child, text, depth + 1));
}

const MODULE_LINE = /^([ \t]*)(defmodule|defprotocol|defimpl)[ (]+([\w.]+)(.*?)\)?[ \t]+do[ \t]*(?:#.*)?$/;
/** A line that goes on with what stands before it. */
const CONTINUATION =
  /^(?:end|else|rescue|catch|after|do|and|or|in|when|not in)\b|^[)\]}]|^(?:\|>|<>|\+\+|--|&&|\|\||->|==|!=|=~|\|)/;

const HEREDOC_OPENS = /^(?!\s*#).*("""|''')\s*$/;
const BYTE_ORDER_MARK = 0xfeff;

/** Where the line begins that closes a heredoc; -1 when another one opens before it: the heredoc is then not closed. */
function closingLine(text: string, from: number, quotes: string): number {
  for (let start = from; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const line = text.slice(start, newline < 0 ? text.length : newline).trim();
    if (line.startsWith(quotes)) return start;
    if (line.endsWith(quotes) && !line.startsWith("#")) return -1;
    if (newline < 0) return -1;
    start = newline + 1;
  }
  return -1;
}

interface OpenModule {
  readonly indent: number;
  readonly header: Omit<OutlineModule, "items" | "end">;
  readonly items: (OutlineForm | OutlineModule)[];
}

/**
 * The forms of a text that does not parse, read off its indentation alone, so that one broken form costs its own
 * findings only: a form begins at each line that is indented by one step within its module. Assumes the layout of
 * `mix format`; where a file is laid out otherwise, its forms come out broken and rules are silent.
 */
export function outlineByIndentation(text: string): OutlineModule {
  const file: OpenModule = {
    indent: -2,
    header: { kind: "module", keyword: "", start: 0, nameStart: 0, nameEnd: 0, implementsFor: null },
    items: [],
  };
  /** The modules around the line, from the outside in. */
  const open: OpenModule[] = [];
  let form: { start: number; end: number } | null = null;
  /** Where the line begins that closes the heredoc around. */
  let heredocEnd = -1;
  const top = (): OpenModule => open.at(-1) ?? file;
  const closeForm = (): void => {
    if (form) top().items.push({ kind: "form", start: form.start, end: form.end, node: -1 });
    form = null;
  };
  const closeModule = (end: number): void => {
    closeForm();
    const module = open.pop();
    if (module) top().items.push({ ...module.header, end, items: module.items });
  };

  for (let start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const next = newline < 0 ? text.length : newline + 1;
    const line = text.slice(start, newline < 0 ? next : newline).replace(/\r$/, "");
    const content = line.trimStart();
    const indent = line.length - content.length;
    const lineEnd = start + line.trimEnd().length;
    const inHeredoc = start <= heredocEnd;
    const quotes = inHeredoc ? undefined : HEREDOC_OPENS.exec(line)?.[1];
    if (quotes !== undefined) heredocEnd = closingLine(text, next, quotes);
    if (inHeredoc) {
      if (form) form.end = lineEnd;
    } else if (content !== "") {
      const module = MODULE_LINE.exec(line);
      const body = top().indent + 2;
      if (module && indent === body) {
        closeForm();
        const nameStart = start + line.indexOf(module[3] as string, indent + (module[2] as string).length);
        open.push({
          indent,
          header: {
            kind: "module",
            keyword: module[2] as string,
            start: start + indent,
            nameStart,
            nameEnd: nameStart + (module[3] as string).length,
            implementsFor: IMPLEMENTS_FOR.exec(module[4] as string)?.[1] ?? null,
          },
          items: [],
        });
      } else if (open.length > 0 && indent === top().indent && /^end\b/.test(content)) {
        closeModule(lineEnd);
      } else if (content.startsWith("#") && indent <= body) {
        // A comment between forms belongs to none.
      } else if (indent === body && !CONTINUATION.test(content)) {
        closeForm();
        form = { start: start + indent, end: lineEnd };
      } else if (form) form.end = lineEnd;
    }
    start = next;
  }
  while (open.length > 0) closeModule(text.length);
  closeForm();
  return { ...file.header, end: text.length, items: file.items };
}
