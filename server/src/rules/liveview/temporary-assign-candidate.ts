import type { CallFact } from "../../facts/facts.ts";
import { moduleRule, suggest } from "../../lint/rule.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { assignFlow, placeOf } from "../../project/live/assign-flow.ts";
import { temporaryAssign } from "../../refactor/temporary-assign.ts";

/** What is large as a rule, by what the function that gives it is called. */
const LARGE =
  /(?:^|_)(?:html|csv|pdf|svg|xml|markdown|report|chart|graph|series|dataset|datapoints|points|export|dump|document|transcript|log|logs|diff|rendered|source_code)(?:$|_(?!count$|size$|url$))/;

export default moduleRule({
  id: "liveview/temporary-assign-candidate",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  summary: "A large value is rendered once and kept for as long as the page is open.",
  default: "off",
  check(module, cx) {
    const flow = cx.about(assignFlow, module);
    if (flow?.kind !== "view" || flow.readByAnyone) return;
    for (const [key, { sets, reads }] of flow.keys) {
      const [set, other] = sets;
      const [read] = reads;
      if (!set || other || !read || set.fact.by !== "assign" || flow.readElsewhere.has(key)) continue;
      if (reads.some(({ fact }) => !fact.template || /^(?:loop|options)$/.test(fact.how))) continue;
      const [index] = set.fact.value.rows;
      const call = index === undefined ? undefined : set.clause.calls[index];
      if (!call || !(isLarge(call) || LARGE.test(key))) continue;
      const asked = reads.some(({ fact }) => fact.how === "condition");
      cx.report(
        placeOf(set),
        `\`${key}\` holds what \`${nameOfCall(call)}\` gives for as long as the page is open, and only the template reads it; list it under \`temporary_assigns\`, so that it is freed once it is rendered${asked ? " (what asks whether it is there then sees nothing)" : ""}.`,
        {
          related: [{ at: placeOf(read), message: "The template shows it here" }],
          fixes:
            set.clause.name === "mount"
              ? [suggest(`Make \`${key}\` a temporary assign`, (source) => temporaryAssign(source, key))]
              : [],
        },
      );
    }
  },
});

function isLarge({ module, name }: CallFact): boolean {
  return (module === "File" && /^(?:read!?|stream!)$/.test(name)) || LARGE.test(name.replace(/[?!]$/, ""));
}
