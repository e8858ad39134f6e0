import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { called } from "../../project/calls/called.ts";
import { isLocalCall } from "../../project/calls/clauses.ts";
import { behavesAs } from "../../project/processes/servers.ts";

/** Callbacks of a LiveView that a LiveComponent does not have. */
const OF_VIEWS = new Set(["handle_info/2", "handle_params/3", "handle_call/3", "handle_cast/2", "terminate/2"]);

export default moduleRule({
  id: "liveview/component-handle-info",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "A LiveComponent has a callback that is never called: messages go to the LiveView around it.",
  check(module, cx) {
    if (!behavesAs(module, "Phoenix.LiveComponent") || behavesAs(module, "Phoenix.LiveView", "GenServer")) return;
    // A behaviour that is not known may have any callback.
    const others = module.behaviours
      .filter((behaviour) => !/^(?:Phoenix\.|GenServer$)/.test(behaviour))
      .map((behaviour) => cx.named(behaviour));
    const isOfAnother = (name: string): boolean =>
      others.some((known) => known.length === 0 || known.some(({ callbacks }) => callbacks.includes(name)));
    const seen = new Set<string>();
    for (const clause of module.clauses) {
      const name = `${clause.name}/${clause.arity}`;
      if (clause.keyword !== "def" || !OF_VIEWS.has(name) || seen.has(name) || callsItself(module, clause)) continue;
      seen.add(name);
      if (isOfAnother(name) || [module.name, "*"].some((owner) => cx.read(called).has(`${owner}.${name}`))) continue;
      cx.report(
        anchor(module, clause, clause.at),
        `Nothing calls \`${name}\` of a LiveComponent: it shares the process of the LiveView that shows it, whose callback gets ${name === "handle_params/3" ? "the parameters" : "the message"}; handle it there, and pass it on by \`send_update\`.`,
      );
    }
  },
});

function callsItself(module: ModuleFacts, { name, arity }: ClauseOfModule): boolean {
  return module.clauses.some((other) =>
    other.calls.some((call) => isLocalCall(module, call) && call.name === name && call.arity === arity),
  );
}
