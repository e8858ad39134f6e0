import { calls, fix, formRule, suggest } from "../../lint/rule.ts";
import { publicHandler } from "../../refactor/public-handler.ts";
import { ancestors, find } from "../../syntax/visit.ts";

/** Telemetry warns of such handlers since 1.0.0. */
const SINCE = [
  { telemetry: "1.0.0", warns: " telemetry warns when it is attached," },
  { telemetry: "<1.0.0", warns: "" },
];

export default formRule({
  id: "design/telemetry-anonymous-handler",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "A telemetry handler is a closure or local capture, which is slower on each event and cannot be reloaded.",
  query: calls(":telemetry.attach", ":telemetry.attach_many"),
  check(call, cx) {
    const handler = call.args[2];
    if (call.args.length !== 4 || !handler) return;
    if ([...ancestors(call)].some((n) => n.type === "call" && n.module === null && n.name === "quote")) return;
    // Attached for the time of one function, as one does at the console.
    if (find(cx.form, (n) => n.type === "call" && n.module === ":telemetry" && n.name === "detach")) return;
    const local = handler.type === "function-reference" && handler.module === null ? handler : null;
    if (!local && handler.type !== "fn" && handler.type !== "capture") return;
    const what = local ? `\`${cx.text(handler)}\` is a local capture` : "This telemetry handler is a closure";
    const instead = local ? `&__MODULE__.${local.name}/${local.arity}` : "&Module.function/4";
    const fixes = local
      ? [
          fix(`Capture as \`${instead}\``, (source) => publicHandler(source, handler, local, false)),
          suggest(`Make \`${local.name}/${local.arity}\` public and capture it as \`${instead}\``, (source) =>
            publicHandler(source, handler, local, true),
          ),
        ]
      : [];
    for (const { telemetry, warns } of SINCE)
      cx.report(
        handler,
        `${what}: every event pays for calling it indirectly,${warns} and it goes on running old code after a reload; pass \`${instead}\`.`,
        { fixes, requires: { telemetry } },
      );
  },
});
