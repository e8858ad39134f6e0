import { calls, formRule, suggest } from "../../lint/rule.ts";
import { escapeLike } from "../../refactor/escape-like.ts";
import { functionAround } from "../../syntax/binding.ts";
import { LIKES, likePatternOf, likesIn } from "../../syntax/like-pattern.ts";

export default formRule({
  id: "ecto/like-injection",
  category: "security",
  severity: "information",
  since: "0.1.0",
  summary: "Text goes into a LIKE pattern as it is: a `%` or `_` in it matches anything.",
  query: calls(...LIKES),
  check(call, cx) {
    const found = likePatternOf(call);
    if (!found) return;
    const { pattern, parts } = found;
    const names = parts.map((part) => `\`${cx.text(part)}\``).join(" and ");
    const same = likesIn(functionAround(call)).filter(
      (like) => like.parts.map((part) => `\`${cx.text(part)}\``).join(" and ") === names,
    );
    // One report for all the columns that are searched for the same text.
    if (same[0]?.call !== call) return;
    const leading = /^(?:~s)?["({[]?%/.test(cx.text(pattern))
      ? " And no B-tree index serves a pattern that begins with `%`."
      : "";
    cx.report(
      pattern,
      `${names} goes into this pattern as it is: a \`%\` or \`_\` in it matches anything, so whoever types it can ask for every row; escape it.${leading}`,
      { fixes: [suggest("Escape it with a private `escape_like/1`", escapeLike)] },
    );
  },
});
