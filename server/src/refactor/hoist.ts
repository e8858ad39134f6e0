import type { TextEdit } from "../base/edit.ts";
import type { Node } from "../syntax/ast.ts";
import type { CopiedReads } from "../syntax/copied-reads.ts";
import { type Binding, freeName } from "./bind-before.ts";

/** A variable for each field that a closure reads, called as the field is; null where the function has no such name to spare. */
export function hoisted(form: Node, reads: CopiedReads): Binding[] | null {
  const out: Binding[] = [];
  for (const [value, { name, places }] of reads.paths) {
    const free = freeName(form, name, `${reads.variable}_${name}`);
    if (free === null || out.some((other) => other.name === free)) return null;
    out.push({ name: free, value, places });
  }
  return out;
}

/** The edits that put the names into the places of what they stand for; offsets are the form's. */
export function usesOf(bindings: readonly Binding[]): TextEdit[] {
  return bindings.flatMap(({ name, places }) => places.map(({ start, end }) => ({ start, end, text: name })));
}
