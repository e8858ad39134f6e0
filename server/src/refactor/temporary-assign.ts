import type { Edit, FormSource } from "../lint/rule.ts";
import { tails } from "../syntax/flow.ts";

/** Lists the key under `temporary_assigns` wherever the `mount` that the diagnostic is in gives `{:ok, socket}`; null for other ways out. */
export function temporaryAssign(source: FormSource, key: string): readonly Edit[] | null {
  const { ast } = source;
  if (ast.type !== "def" || ast.name !== "mount" || !ast.body) return null;
  const edits: Edit[] = [];
  for (const way of tails(ast.body)) {
    const [tag, socket] = way.type === "tuple" ? way.items : [];
    if (way.type !== "tuple" || way.items.length !== 2 || tag?.type !== "atom" || tag.value !== "ok" || !socket)
      return null;
    edits.push(source.insertAfter(socket, `, temporary_assigns: [${key}: nil]`));
  }
  return edits;
}
