import { calls, formRule, suggest } from "../../lint/rule.ts";
import { escapeLike } from "../../refactor/escape-like.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { functionAround } from "../../syntax/binding.ts";
import { queryPlace } from "../../syntax/fragment.ts";
import { LIKES, likePatternOf, likesIn } from "../../syntax/like-pattern.ts";
import { find } from "../../syntax/visit.ts";

export default formRule({
  id: "ecto/like-injection",
  category: "security",
  severity: "information",
  since: "0.1.0",
  summary: "Text goes into a LIKE pattern as it is: a `%` or `_` in it matches anything.",
  query: calls(...LIKES),
  check(call, cx) {
    const found = likePatternOf(call);
    // What sorts or is shown lets nobody see more rows.
    if (!found || /^(?:order_by|select|select_merge|group_by|distinct)$/.test(queryPlace(call) ?? "")) return;
    const { pattern, parts } = found;
    if (isBesideItself(call, parts, (node) => cx.text(node))) return;
    const names = parts.map((part) => `\`${cx.text(part)}\``).join(" and ");
    const same = likesIn(functionAround(call)).filter(
      (like) => like.parts.map((part) => `\`${cx.text(part)}\``).join(" and ") === names,
    );
    // One report for all the columns that are searched for the same text.
    if (same[0]?.call !== call) return;
    const leading = /^(?:~s)?["({[]?%/.test(cx.text(pattern))
      ? " And no B-tree index serves a pattern that begins with `%`."
      : "";
    const effect = isCut(call, parts) ? "one finds rows without it" : "it can ask for every row";
    cx.report(
      pattern,
      `${names} goes into this pattern as it is: a \`%\` or \`_\` in it matches anything, so whoever types ${effect}; escape it.${leading}`,
      { fixes: [suggest("Escape it with a private `escape_like/1`", escapeLike)] },
    );
  },
});

/** True where the function limits how many rows come, or is given a query, which may be limited elsewhere. */
function isCut(call: Call, parts: readonly Node[]): boolean {
  const isPart = (name: string): boolean =>
    parts.some((part) => find(part, (node) => node.type === "variable" && node.name === name) !== null);
  const isLimit = (node: Node): boolean => {
    if (node.type === "pair") return node.key.type === "atom" && LIMITS.test(node.key.value);
    if (node.type === "variable") return (LIMITS.test(node.name) || QUERY.test(node.name)) && !isPart(node.name);
    return node.type === "call" && LIMITS.test(node.name);
  };
  return find(functionAround(call), isLimit) !== null;
}

const LIMITS = /^(?:limit|page|per_page|page_size|max_results|paginate\w*|pagination)$/;
const QUERY = /^query(?:able)?$/;

/** `x.slug == ^slug or like(x.slug, ^"#{slug}-%")`: a name and its numbered kin, which is no search. */
function isBesideItself({ args: [field], parent }: Call, [part, other]: readonly Node[], text: (node: Node) => string) {
  if (parent?.type !== "binary" || !/^(?:or|\|\|)$/.test(parent.operator) || !field || !part || other) return false;
  return [parent.left, parent.right].some(
    (side) =>
      side.type === "binary" &&
      side.operator === "==" &&
      text(side.left) === text(field) &&
      text(side.right) === `^${text(part)}`,
  );
}
