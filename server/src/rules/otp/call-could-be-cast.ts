import type { ClauseOfModule } from "../../facts/facts.ts";
import { canMatch } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { clientUses } from "../../project/processes/client-uses.ts";
import { onlyReplies, requestName, serverProfiles } from "../../project/processes/server-profile.ts";
import { callToCast } from "../../refactor/call-and-cast.ts";

/** Requests whose completion is what the caller waits for. */
const COMPLETION =
  /subscribe|register|sync|flush|await|wait|stop|start|reset|clear|init|join|lock|acquire|release|connect/;
/** What cannot fail, or has nothing to say of it. */
const SURE = /^(?:System|:os|:ets|Phoenix\.PubSub)$/;

export default moduleRule({
  id: "otp/call-could-be-cast",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "Callers wait for an `:ok` that none of them looks at, from a change that cannot fail.",
  check(module, cx) {
    const server = cx.about(serverProfiles, module);
    if (!server || server.serialises) return;
    const uses = cx.about(clientUses, module);
    for (const clause of server.requests) {
      const request = requestName(clause);
      const [message] = clause.params;
      if (request === null || !message || COMPLETION.test(request) || !onlyAcknowledges(clause)) continue;
      const clients = uses.filter(({ call }) => call.args[1] && canMatch(message, call.args[1]));
      const [client] = clients;
      if (!client || clients.length > 1 || client.call.arity > 2 || client.callers.length === 0 || !client.unheard)
        continue;
      cx.report(
        anchor(module, client.clause, client.call.at),
        `No caller of \`${client.clause.name}\` looks at its \`:ok\`, and yet each waits for \`${module.name}\` to get there; if nobody needs the waiting to slow them down, cast.`,
        {
          related: client.callers.slice(0, 5).map((at) => ({ at, message: "The answer is thrown away" })),
          fixes: [suggest("Cast instead", (source) => callToCast(source))],
        },
      );
    }
  },
});

/** True when the clause changes the state by itself and says `:ok`. */
function onlyAcknowledges(clause: ClauseOfModule): boolean {
  const [, from] = clause.params;
  if (from?.kind !== "variable" || !from.name.startsWith("_") || clause.guarded) return false;
  if (clause.callback?.unchanged || clause.branches.length > 0) return false;
  return onlyReplies(clause, "ok") && clause.calls.every((call) => SURE.test(call.module ?? ""));
}
