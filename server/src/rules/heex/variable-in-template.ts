import type { ClauseOfModule, VariableBlock } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { type AssignFlow, assignFlow } from "../../project/live/assign-flow.ts";
import { componentOf, pageComponents } from "../../project/live/page-components.ts";
import { partials } from "../../project/live/partials.ts";
import { assignVariable } from "../../refactor/assign-variable.ts";

/** Modules whose templates become a string once, and such as controllers render. */
const RENDERS_ONCE = /Email|Mail(?:er|s)?$|Mailer|Notifier|PDF|Pdf/;
const RENDERED_BY_CONTROLLERS = /HTML$|View$/;

export default moduleRule({
  id: "heex/variable-in-template",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A variable in a template is not tracked: all that shows it is computed and sent again at every render.",
  check(module, cx) {
    if (RENDERS_ONCE.test(module.name)) return;
    const isOfPages = (clause: ClauseOfModule): boolean =>
      cx.read(pageComponents).has(componentOf(module, clause), module);
    for (const clause of module.clauses) {
      const variables = clause.template?.variables ?? [];
      if (variables.length === 0 || isOfPages(clause)) continue;
      if (clause.keyword === "template" && cx.read(partials).has(`${componentOf(module, clause)}.html`)) continue;
      for (const { at, names, block, template } of variables) {
        if (block && isEvaluatedWith(block, clause, cx.about(assignFlow, module))) continue;
        cx.report(anchor(module, clause, at), message(names, block !== null), {
          ...(RENDERED_BY_CONTROLLERS.test(module.name) ? { severity: "hint" as const } : {}),
          fixes: template === null ? [] : [assignVariable(names[0] ?? "", anchor(module, clause, template))],
        });
      }
    }
  },
});

/** True where the block is evaluated only when the variable may have changed as well: then nothing is sent in excess. */
function isEvaluatedWith({ others }: VariableBlock, clause: ClauseOfModule, flow: AssignFlow | null): boolean {
  if (others === null || others.length === 0) return others !== null;
  // A function component has assigns of its own.
  if (!flow?.clauses.includes(clause) || flow.setByAnyone) return false;
  return others.every((path) => {
    const [key = path] = path.split(".", 1);
    const sets = flow.keys.get(key)?.sets ?? [];
    return sets.length > 0 && !flow.setElsewhere.has(key) && sets.every(({ clause }) => clause.name === "mount");
  });
}

function message(names: readonly string[], inBlock: boolean): string {
  const list = names.map((name) => `\`${name}\``).join(" and ");
  const [is, it] = names.length > 1 ? ["are variables", "them"] : ["is a variable", "it"];
  return `${list} ${is} to this template: LiveView cannot tell when ${it === "it" ? "it changes" : "they change"}, so whatever shows ${it} is computed and sent ${inBlock ? "whenever anything in the block around it changes" : "at every render"}; assign ${it} and read \`@${names[0]}\`.`;
}
