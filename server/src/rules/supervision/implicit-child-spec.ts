import { anchor, fix, moduleRule } from "../../lint/rule.ts";
import { optionOf, specifyingUse } from "../../project/processes/child-spec.ts";
import { childStarts } from "../../project/processes/child-starts.ts";
import { setUseOptions } from "../../refactor/use-options.ts";

export default moduleRule({
  id: "supervision/implicit-child-spec",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "A supervised process that leaves to the defaults whether it is restarted and how long it may take to stop.",
  check(module, cx) {
    const form = specifyingUse(module);
    if (!form || optionOf(form, "restart") !== null || optionOf(form, "shutdown") !== null) return;
    const starts = cx.about(childStarts, module);
    const [start] = starts;
    if (!start || starts.some(({ restart, shutdown }) => restart !== null || shutdown !== null)) return;
    const restart = form.use.module === "Task" ? "temporary" : "permanent";
    cx.report(
      anchor(module, form, form.at),
      `\`${module.name}\` is supervised with the defaults of \`use ${form.use.module}\`, \`restart: :${restart}\` and \`shutdown: 5_000\`; write down what it is to be.`,
      {
        related: [{ at: start.at, message: "It is started as a child here" }],
        fixes: [
          fix("Write the defaults down", (source) =>
            setUseOptions(
              source,
              new Map([
                ["restart", `:${restart}`],
                ["shutdown", "5_000"],
              ]),
            ),
          ),
        ],
      },
    );
  },
});
