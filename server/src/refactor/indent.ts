import type { Node } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";

/** The lines of a text that begins after the white space of its first line, two columns further in, or as many as asked for. */
export function indented(text: string, columns = 2): string {
  return text.replace(/\n(?=[^\r\n])/g, `\n${" ".repeat(columns)}`);
}

/** The lines of a text that begins on a line with the white space `from`, as they are on one with `to`. */
export function reindented(text: string, from: string, to: string): string {
  return text.replace(/\n[ \t]*(?=[^\r\n])/g, (gap) =>
    gap.startsWith(`\n${from}`) ? `\n${to}${gap.slice(from.length + 1)}` : gap,
  );
}

/** True when moving the lines of the node leaves its meaning alone: strings over several lines would change, heredocs do not. */
export function isIndentable(node: Node, text: (node: Node) => string): boolean {
  return (
    find(node, (n) => {
      if (n.type !== "string" && n.type !== "sigil") return false;
      const source = text(n);
      return source.includes("\n") && !/^(?:~[a-zA-Z]+)?("""|''')/.test(source);
    }) === null
  );
}
