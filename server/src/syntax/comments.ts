import type { Comment } from "./ast.ts";
import type { Cst } from "./cst.ts";

/** The comments below a node, offsets relative to `base`. */
export function commentsIn(cst: Cst, node: number, text: string, base: number): Comment[] {
  const out: Comment[] = [];
  for (let at = node; at < cst.after(node); at++) {
    if (cst.kind(at) !== "comment") continue;
    const start = cst.start(at);
    // In CRLF files the grammar counts the CR in.
    const source = text.slice(start, cst.end(at)).trimEnd();
    out.push({ start: start - base, end: start - base + source.length, text: source });
  }
  return out;
}
