import type { ModuleFacts } from "../../facts/facts.ts";
import { moduleRule, suggest } from "../../lint/rule.ts";
import { type AssignFlow, assignFlow, placeOf, setFrom } from "../../project/live/assign-flow.ts";
import { initialAssign } from "../../refactor/initial-assign.ts";

const KNOWN =
  /^(?:flash|live_action|uploads|streams|myself|socket|inner_block|inner_content|page_title|current_\w+|id|__\w+)$/;
/** The callbacks that run before the first render. */
const FIRST = /^(?:mount|handle_params|render)$/;

export default moduleRule({
  id: "liveview/uninitialized-assign",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "The template reads an assign that only a later callback sets: the first render crashes.",
  check(module, cx) {
    const flow = cx.about(assignFlow, module);
    if (flow?.kind !== "view" || flow.setByAnyone || !hasOneTemplate(module, flow)) return;
    const first = new Set(
      flow.clauses.filter(({ name }) => FIRST.test(name)).flatMap((clause) => [...setFrom(module, clause)]),
    );
    for (const [key, { sets, reads }] of flow.keys) {
      const set = sets.find(({ clause }) => /^handle_/.test(clause.name));
      const read = reads.find(
        ({ clause, fact }) => fact.template && clause.name === "render" && !fact.optional && !fact.conditional,
      );
      if (!read || !set || first.has(key) || KNOWN.test(key) || flow.setElsewhere.has(key)) continue;
      const beside = [...flow.keys.values()]
        .flatMap((other) => other.sets)
        .find(({ clause, fact }) => clause.name === "mount" && fact.by === "assign");
      cx.report(
        placeOf(read),
        `\`@${key}\` is not set before the first render, which raises a \`KeyError\`: \`${set.clause.name}\` sets it later; assign a first value in \`mount\`.`,
        {
          related: [{ at: placeOf(set), message: `\`${set.clause.name}\` sets it here` }],
          fixes: beside ? [suggest(`Assign \`${key}: nil\` in \`mount\``, initialAssign(key, placeOf(beside)))] : [],
        },
      );
    }
  },
});

/** False where one of several templates is rendered: which, the others do not know. */
function hasOneTemplate(module: ModuleFacts, flow: AssignFlow): boolean {
  return flow.hasMarkup && module.embeds.length === 0 && (module.byName.get("render") ?? []).length <= 1;
}
