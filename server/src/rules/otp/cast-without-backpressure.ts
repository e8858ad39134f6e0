import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { nameOf } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { castToCall } from "../../refactor/call-and-cast.ts";

/** What may be lost without harm. */
const TELEMETRY = /metric|telemetr|stat(?:s|istic)|log(?:ger)?$|log(?:ger)?\b|track|trace|monitor|tick|report|count/i;
/** What may not. */
const MATTERS = /^(?:create|save|insert|write|enqueue|charge|pay|store)(?:_|!|$)/;
const ELEMENT = 1;

export default moduleRule({
  id: "otp/cast-without-backpressure",
  category: "reliability",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "A cast for each element, or of what must not be lost: nothing slows the sender down, and nothing tells it.",
  check(module, cx) {
    if (TELEMETRY.test(module.name)) return;
    for (const clause of module.clauses) {
      for (const call of clause.calls) {
        const server = call.template ? null : serverOf(module, call);
        if (server === null || TELEMETRY.test(server) || TELEMETRY.test(requestOf(call) ?? "")) continue;
        const loop = isPerElement(call, clause) ? clause.loops[call.loop] : undefined;
        const matters = MATTERS.test(clause.name) && call.module === "GenServer" && call.loop < 0;
        if (!loop && !matters) continue;
        const by = call.module === null ? "send" : `${call.module}.${call.name}`;
        const what = loop
          ? `\`${by}\` in \`${loop.kind}\``
          : `\`${clause.name}\` sends what it is given by \`${by}\`, which`;
        const fixes = matters && !loop ? [suggest("Call instead, and reply with `:ok`", castToCall)] : [];
        cx.report(
          anchor(module, clause, call.at),
          `${what} waits for nobody: the mailbox of \`${server}\` grows as fast as messages come, and is lost with it${loop ? "; send all elements in one `GenServer.call`" : ", while the caller is told `:ok`; use `GenServer.call`"}.`,
          { fixes },
        );
      }
    }
  },
});

/** The server that the call sends a message to without waiting; null for other calls. */
function serverOf(module: ModuleFacts, { module: of, name, target, args }: CallFact): string | null {
  const sends = (of === "GenServer" && name === "cast") || (of === null && target === null && name === "send");
  if (!sends || !args[0]) return null;
  const named = nameOf(args[0]);
  return named ?? (of === "GenServer" && args[0].kind === "variable" ? module.name : null);
}

function requestOf({ args: [, message] }: CallFact): string | null {
  return nameOf(message?.kind === "tuple" ? message.items[0] : message);
}

function isPerElement(call: CallFact, { loops }: ClauseOfModule): boolean {
  const loop = loops[call.loop];
  const named = nameOf(call.args[0]) !== null;
  return named && loop !== undefined && !loop.fixed && !loop.chunked && ((call.flows[1] ?? 0) & ELEMENT) !== 0;
}
