import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { behavesAs, handlesMessage } from "../../project/processes/servers.ts";
import { monitorPid } from "../../refactor/monitored-pid.ts";

export default moduleRule({
  id: "otp/unmonitored-pid",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "Pids collected in a server's state that nobody monitors: the dead ones stay, and are sent to for ever.",
  check(module, cx) {
    if (!behavesAs(module, "GenServer", "GenStage") || watches(module)) return;
    for (const clause of module.clauses) {
      for (const { pid, at } of clause.callback?.collects ?? []) {
        cx.report(
          anchor(module, clause, at),
          `\`${clause.name}\` keeps \`${pid}\` in the state, but \`${module.name}\` neither monitors it nor handles \`:DOWN\`: when that process ends its pid stays there; call \`Process.monitor(${pid})\` and remove it on \`:DOWN\`.`,
          { fixes: [suggest(`Monitor \`${pid}\` and remove it when it is down`, (source) => monitorPid(source, pid))] },
        );
      }
    }
  },
});

/** True when the module learns of the end of processes, or asks whether they live. */
function watches(module: ModuleFacts): boolean {
  return (
    handlesMessage(module, "DOWN") ||
    handlesMessage(module, "EXIT") ||
    module.clauses.some((clause) => clause.calls.some(looksAfterPids))
  );
}

function looksAfterPids({ module, name }: CallFact): boolean {
  return /(?:^|_)(?:monitor|link|alive)(?:_|\??$)/.test(name) || (module === "Registry" && name === "register");
}
