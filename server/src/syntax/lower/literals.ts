import type { Call, Node } from "../ast.ts";
import { dialectOfSigil } from "../dialect.ts";
import { make } from "../make.ts";
import type { Lowering } from "./lowering.ts";

/** `:name` */
export function lowerAtom(lowering: Lowering, i: number): Node {
  return atom(lowering, i, lowering.source(i).slice(1));
}

/** `true`, `false`, `nil` */
export function lowerNamedAtom(lowering: Lowering, i: number): Node {
  return atom(lowering, i, lowering.source(i));
}

/** `:"some name"` */
export function lowerQuotedAtom(lowering: Lowering, i: number): Node {
  const { cst } = lowering;
  if (cst.children(i).some((child) => cst.kind(child) === "interpolation")) return madeAtom(lowering, i);
  return atom(lowering, i, lowering.source(i).slice(2, -1));
}

function atom(lowering: Lowering, i: number, value: string): Node {
  return make({ type: "atom", parent: null, start: lowering.start(i), end: lowering.end(i), value });
}

/** `:"a#{b}"` is what Elixir makes of it: a call of `:erlang.binary_to_atom` with the string. */
function madeAtom(lowering: Lowering, i: number): Node {
  const start = lowering.start(i);
  const end = lowering.end(i);
  return make<Call>({
    type: "call",
    parent: null,
    start,
    end,
    module: ":erlang",
    name: "binary_to_atom",
    args: [lowerString(lowering, i)],
    piped: false,
    ownStart: start,
    calleeStart: start,
    calleeEnd: end,
    target: null,
    sections: [],
    remote: true,
    parens: false,
  });
}

/** `key:` */
export function lowerKeyword(lowering: Lowering, i: number): Node {
  return keyword(lowering, i, /:\s*$/);
}

/** `"some key":` */
export function lowerQuotedKeyword(lowering: Lowering, i: number): Node {
  return keyword(lowering, i, /^["']|["']:\s*$/g);
}

/** The keyword token takes the white space after its colon with it; the node does not. */
function keyword(lowering: Lowering, i: number, trim: RegExp): Node {
  return make({
    type: "atom",
    parent: null,
    start: lowering.start(i),
    end: lowering.trimmedEnd(i),
    value: lowering.source(i).replace(trim, ""),
  });
}

/** Integers, floats and characters, as they are written. */
export function lowerNumber(lowering: Lowering, i: number): Node {
  return make({
    type: "number",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    text: lowering.source(i),
  });
}

/** Strings and charlists, heredocs included. */
export function lowerString(lowering: Lowering, i: number): Node {
  const { cst } = lowering;
  const parts: Node[] = [];
  let literal = true;
  for (const child of cst.children(i)) {
    if (cst.kind(child) !== "interpolation") continue;
    literal = false;
    parts.push(lowering.node(child));
  }
  const source = lowering.source(i);
  const quote = /^("""|'''|"|')/.exec(source)?.[0].length ?? 1;
  const content = source.slice(quote, -quote);
  return make({
    type: "string",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    charlist: cst.kind(i) === "charlist",
    value: literal ? content : null,
    content,
    parts,
  });
}

/** `~r/…/i`, `~w(…)a`; those that hold a template have it among their parts. */
export function lowerSigil(lowering: Lowering, i: number): Node {
  const { cst, text, base } = lowering;
  const parts: Node[] = [];
  let name = "";
  let modifiers = "";
  let nameEnd = cst.start(i) + 1;
  for (const child of cst.children(i)) {
    const kind = cst.kind(child);
    if (kind === "sigil_name") {
      name = lowering.source(child);
      nameEnd = cst.end(child);
    } else if (kind === "sigil_modifiers") modifiers = lowering.source(child);
    else if (kind === "interpolation") parts.push(lowering.node(child));
  }
  const quote = /^("""|'''|.)/s.exec(text.slice(nameEnd, nameEnd + 3))?.[0].length ?? 1;
  const contentStart = nameEnd + quote;
  const contentEnd = Math.max(contentStart, cst.end(i) - modifiers.length - quote);
  const content = text.slice(contentStart, contentEnd);
  const dialect = dialectOfSigil(name);
  if (dialect) parts.push(lowering.templates(content, contentStart - base, dialect, lowering.env));
  return make({
    type: "sigil",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    name,
    content,
    contentStart: contentStart - base,
    modifiers,
    parts,
  });
}
