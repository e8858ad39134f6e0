import { formRule, nodes } from "../../lint/rule.ts";
import type { Field, Node } from "../../syntax/ast.ts";
import { streamOf } from "../../syntax/streams.ts";
import { isWithin } from "../../syntax/visit.ts";

/** Functions of Kernel that take lists. */
const LISTS = /^(?:length|hd|tl|is_list|in|inspect)$/;
/** Parts of a page of results, which is no stream. */
const OF_A_PAGE = /^(?:entries|items|total_\w+|page\w*|has_\w+|results|meta)$/;

export default formRule({
  id: "heex/stream-used-as-list",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "A stream is no list: the server does not keep its items, so counting or filtering it raises or misleads.",
  requires: { phoenix_live_view: "0.18.12" },
  query: nodes("field"),
  check(field, cx) {
    const stream = cx.env.page || OF_A_PAGE.test(field.name) ? null : streamOf(field);
    const use = stream === null ? null : useOf(field);
    if (use === null) return;
    cx.report(
      field,
      `${use} takes the stream \`${stream}\` for a list, but the server forgets its items once they are sent; keep what you ask for, such as the count, in an assign of its own.`,
    );
  },
});

/** How the stream is used like a list; null where it is rendered, or handed on. */
function useOf(stream: Field): string | null {
  const { parent } = stream;
  if (parent?.type === "call") {
    if (parent.module === "Enum" || parent.module === "Stream") return `\`${parent.module}.${parent.name}\``;
    return parent.module === null && !parent.target && LISTS.test(parent.name) ? `\`${parent.name}\`` : null;
  }
  if (parent?.type !== "binary") return null;
  if (/^(?:[=!]==?|\+\+|in)$/.test(parent.operator) && other(parent, stream).type === "list")
    return `\`${parent.operator}\``;
  if (parent.operator === "in" && parent.right === stream) return "`in`";
  return parent.operator === "<-" && parent.right === stream && !isWithin(stream, "template") ? "`for`" : null;
}

function other(pair: { readonly left: Node; readonly right: Node }, one: Node): Node {
  return pair.left === one ? pair.right : pair.left;
}
