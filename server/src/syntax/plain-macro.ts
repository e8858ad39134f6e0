import type { Call, Def, Node } from "./ast.ts";
import { isBranching } from "./flow.ts";
import { ancestors, find, visit } from "./visit.ts";

/** Functions of Kernel that no guard may call, and that are no macros. */
const FUNCTIONS =
  /^(?:apply|exit|get_in|inspect|put_in|raise|send|spawn|spawn_link|struct!?|throw|to_string|max|min|put_elem)$/;
/** Functions and operators that may stand in guards; a macro of nothing else may be there for guards. */
const IN_GUARDS =
  /^(?:is_\w+|abs|binary_part|bit_size|byte_size|ceil|div|elem|floor|hd|length|map_size|node|not|rem|round|self|tl|trunc|tuple_size|in)$/;
/** Modules with macros of their own, or whose functions ask where they are called. */
const MACROS =
  /^(?:Logger|Record|Gettext|Module|Macro|Code|Kernel|ExUnit(?:\..*)?|Ecto\.(?:Query|Schema|Migration)(?:\..*)?|Phoenix(?:\..*)?|Plug(?:\..*)?|Absinthe(?:\..*)?|Mix|Application|Bitwise|Mox|Mimic)$/;
/** What a quote says of the place that it is put into. */
export const OF_THE_CALLER =
  /\b__(?:MODULE|ENV|CALLER|DIR|STACKTRACE)__|\bvar!|\bbinding\(|\bsuper\(|@\w|\bunquote_splicing\b|\bquote\b[\s\S]*\bquote\b|\breceive\b/;

/** The `quote do … end` that is all of the macro's body. */
export function onlyQuote({ keyword, body, sections, guard, name }: Def): Call | null {
  const [only, more] = body?.statements ?? [];
  if (
    !/^defmacrop?$/.test(keyword) ||
    sections.length > 0 ||
    guard ||
    more ||
    /^(?:__|sigil_|assert|refute|is_)/.test(name ?? "")
  )
    return null;
  if (only?.type !== "call" || only.module !== null || only.name !== "quote") return null;
  return only.args.length === 0 && only.sections.length === 1 ? only : null;
}

/** True for code that calls functions with the parameters as values, each evaluated once and always. */
export function isPlain(body: Node, params: readonly string[]): boolean {
  const used = new Map(params.map((name) => [name, 0]));
  let calls = 0;
  let plain = true;
  visit(body, (node) => {
    const name = unquoted(node);
    if (name !== null) {
      if (!used.has(name) || isLazy(node, body)) plain = false;
      used.set(name, (used.get(name) ?? 0) + 1);
      return false;
    }
    if (node.type === "call") {
      if (isFunction(node)) calls++;
      else if (!isHarmless(node)) plain = false;
    } else if (/^(?:def|attribute|attribute-set|unknown|sigil|template|function-reference|fn|capture)$/.test(node.type))
      plain = false;
    else if (node.type === "variable" && !isBound(node.name, body)) plain = false;
    else if (node.type === "binary" && /^(?:<-|::|\|\|\||&&&|~>|<~|\|>)$/.test(node.operator)) plain = false;
    return plain;
  });
  return plain && calls > 0 && params.length > 0 && [...used.values()].every((times) => times === 1);
}

/** The variable in `unquote(variable)`; empty for any other `unquote`. */
function unquoted(node: Node): string | null {
  if (node.type !== "call" || node.module !== null || node.name !== "unquote") return null;
  const [arg] = node.args;
  return arg?.type === "variable" && node.args.length === 1 ? arg.name : "";
}

/**
 * A call of what is surely a function, and may not stand in a guard or a pattern. What an import brings may as well be a
 * macro, and what is called `def…` is one.
 */
function isFunction({ module, name, target, sections, remote }: Call): boolean {
  if (sections.length > 0 || (module === null && target)) return false;
  if (module === null) return FUNCTIONS.test(name);
  return remote && !MACROS.test(module) && /^(?!def)[a-z_]\w*[?!]?$/.test(name);
}

function isHarmless(node: Call): boolean {
  return node.module === null && !node.target && (IN_GUARDS.test(node.name) || isBranching(node));
}

/** Not evaluated always, or more than once, or matched with: a function would evaluate it before. */
function isLazy(node: Node, body: Node): boolean {
  for (const around of ancestors(node)) {
    if (around === body) return false;
    if (around.type === "section" || around.type === "clause" || around.type === "fn" || around.type === "capture")
      return true;
    if (around.type === "binary" && /^(?:&&|\|\||and|or|=|\|)$/.test(around.operator)) return true;
    if (around.type === "map" && around.struct !== null) return true;
  }
  return false;
}

/** True for a variable that the quote itself binds. */
function isBound(name: string, body: Node): boolean {
  const match = find(
    body,
    (n) => n.type === "binary" && n.operator === "=" && n.left.type === "variable" && n.left.name === name,
  );
  return match !== null;
}
