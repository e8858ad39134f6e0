import { anchor, moduleRule } from "../../lint/rule.ts";
import { pageComponents } from "../../project/live/page-components.ts";
import { assignInsteadAt } from "../../refactor/assign-instead.ts";

/** Modules whose templates become a string once. */
const RENDERS_ONCE = /Email|Mail(?:er|s)?$|Mailer|Notifier/;

export default moduleRule({
  id: "heex/assigns-modified-with-map",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "Assigns changed with `Map` functions are not tracked: the page does not update when they change.",
  check(module, cx) {
    if (RENDERS_ONCE.test(module.name)) return;
    for (const clause of module.clauses) {
      for (const { at, by, subject } of clause.untracked) {
        // What a controller renders is rendered once.
        if (subject === "assigns" && cx.read(pageComponents).has(clause.name, module)) continue;
        cx.report(
          anchor(module, clause, at),
          `${by === null ? "This map update" : `\`${by}\``} changes \`${subject}\` behind LiveView's back: without \`__changed__\` the template is not rendered anew when the value changes; use \`assign\`.`,
          {
            severity: /HTML$|View$/.test(module.name) ? "information" : "warning",
            fixes: assignInsteadAt(by),
          },
        );
      }
    }
  },
});
