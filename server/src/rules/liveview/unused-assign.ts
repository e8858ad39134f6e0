import { moduleRule, suggest } from "../../lint/rule.ts";
import { assignFlow, placeOf } from "../../project/live/assign-flow.ts";
import { removeAssign } from "../../refactor/remove-assign.ts";

/** Keys that LiveView, layouts and generators read. */
const KNOWN =
  /^(?:page_title|page_description|flash|live_action|live_module|uploads|streams|myself|id|socket|inner_block|current_\w+|locale|layout|root_layout|csp_nonce|conn|uri|url|__\w+|_\w+)$/;

export default moduleRule({
  id: "liveview/unused-assign",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "A key is assigned and read nowhere: memory in the process of every open page, for nothing.",
  check(module, cx) {
    const flow = cx.about(assignFlow, module);
    // What a `.eex` layout around LEEx reads is not known.
    if (!flow?.hasMarkup || flow.readByAnyone || flow.leex) return;
    for (const [key, { sets, reads }] of flow.keys) {
      const [first, ...others] = sets;
      if (!first || reads.length > 0 || flow.readElsewhere.has(key) || KNOWN.test(key)) continue;
      if (sets.some(({ fact }) => fact.inRender || !/^(?:assign|assign_new|async|update)$/.test(fact.by))) continue;
      cx.report(
        placeOf(first),
        `\`${key}\` is assigned, and neither the template nor a callback reads it: each open page keeps it for nothing; leave it out.`,
        {
          related: others.map((set) => ({ at: placeOf(set), message: "It is assigned here as well" })),
          fixes: sets.every(({ fact }) => /^assign(?:_new)?$/.test(fact.by))
            ? [suggest(`Stop assigning \`${key}\``, removeAssign(sets.map(placeOf)))]
            : [],
          tags: ["unnecessary"],
        },
      );
    }
  },
});
