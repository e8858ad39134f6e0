import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { liveClauses, SLOW, saying, waitsIn } from "../../project/blocking.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence } from "../../project/effects/witness.ts";
import { startAsync } from "../../refactor/start-async.ts";

const START_ASYNC = suggest("Run it in `start_async`", startAsync, { phoenix_live_view: "0.20.0" });

/** The mails of `phx.gen.auth`: the generator's own LiveViews send them so. */
const GENERATED = /^deliver_\w+_instructions$/;

export default moduleRule({
  id: "liveview/blocking-callback",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A callback of a LiveView waits for another machine or program, and the page is frozen until it returns.",
  check(module, cx) {
    const callbacks = liveClauses(module);
    if (callbacks.length === 0) return;
    const known = cx.about(effects, module);
    for (const clause of callbacks) {
      for (const wait of waitsIn(clause, known, SLOW)) {
        if (wait.witness.hops.some(({ call }) => GENERATED.test(call.name))) continue;
        cx.report(
          anchor(module, clause, wait.call.at),
          `${saying(wait)}: until it returns, the page reacts to nothing; run it in \`start_async\`.`,
          {
            related: evidence(wait.witness),
            fixes: /^handle_(?:event|info)$/.test(clause.name) ? [START_ASYNC] : [],
            // Sent once, for somebody who waits for it.
            ...(wait.witness.effect === "mail" ? { severity: "information" as const } : {}),
          },
        );
      }
    }
  },
});
