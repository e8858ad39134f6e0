import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";
import { bodyOf, clausesIn } from "./callback-clauses.ts";
import { isIndentable } from "./indent.ts";

/**
 * `def` for `defmacro`, without the `quote` and its `unquote`s. Null where the macro has other clauses or is written on one
 * line; who uses it may then leave out its `require`.
 */
export function macroToFunction(source: FormSource): Edit[] | null {
  const { ast } = source;
  if (ast.type !== "def" || ast.name === null || !ast.body) return null;
  const [quote] = ast.body.statements;
  const inner = quote?.type === "call" ? quote.sections[0] : undefined;
  const body = bodyOf(source, ast);
  const [first, last] = [inner?.body?.statements[0], inner?.body?.statements.at(-1)];
  if (!body || !quote || !inner || !first || !last || clausesIn(source, ast.name, ast.params.length).length > 1)
    return null;
  if (!isIndentable(quote, (node) => source.text(node))) return null;
  const keyword = source.between(ast.start, ast.nameStart);
  if (!/^defmacrop?\s+$/.test(keyword)) return null;
  const text = withoutUnquotes(source, first.start, last.end, quote);
  const shorter = inner.block ? text.replace(/\n {2}(?=[ \t]*\S)/g, "\n") : text;
  return [
    source.replace({ start: ast.start, end: ast.nameStart }, keyword.replace("defmacro", "def")),
    source.replace(quote, shorter),
  ];
}

function withoutUnquotes(source: FormSource, start: number, end: number, within: Node): string {
  const unquotes: Call[] = [];
  visit(within, (node) => {
    if (node.type === "call" && node.module === null && node.name === "unquote") unquotes.push(node);
  });
  let text = "";
  let at = start;
  for (const call of unquotes.sort((a, b) => a.start - b.start)) {
    const [value] = call.args;
    if (!value) continue;
    text += source.between(at, call.start) + source.text(value);
    at = call.end;
  }
  return text + source.between(at, end);
}
