import type { ClauseOfModule } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { hasConstantState } from "../../project/processes/constant-state.ts";
import { onlyAnswers, ownCalls, requestName, serverProfiles } from "../../project/processes/server-profile.ts";
import { computeInCaller } from "../../refactor/in-caller.ts";

/** Requests that are there to be waited for. */
const BARRIER = /ping|sync|flush|await|wait|barrier|echo|health|alive|test/;

export default moduleRule({
  id: "otp/handle-call-ignores-state",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "A `handle_call` clause computes its reply from the request alone: the caller could, without waiting.",
  check(module, cx) {
    const server = cx.about(serverProfiles, module);
    // A server that never uses its state is for otp/code-organization-by-process.
    if (!server || server.serialises || hasConstantState(module)) return;
    if (!server.handlers.some(({ callback }) => callback?.state === "used")) return;
    for (const clause of server.requests) {
      const request = requestName(clause);
      if (request === null || BARRIER.test(request) || !isComputed(clause)) continue;
      if (ownCalls(module, clause)?.length !== 0) continue;
      cx.report(
        anchor(module, clause, clause.at),
        `The reply to \`:${request}\` needs nothing of the state, and yet its callers wait for all others of \`${module.name}\`; compute it in the function that they call.`,
        { fixes: [suggest("Compute it in the client function", computeInCaller)] },
      );
    }
  },
});

/** True when the reply is worked out of the request, and of nothing else. */
function isComputed(clause: ClauseOfModule): boolean {
  const { callback } = clause;
  return callback !== null && onlyAnswers(clause) && callback.state !== "used" && callback.computes;
}
