import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence, lastHop, reaches, type Witness } from "../../project/effects/witness.ts";
import { unguardedCalls } from "../../project/live/connected.ts";
import { isAvoided } from "../../project/processes/blocking.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import { loadAsync } from "../../refactor/load-async.ts";

/** What may take long; a row by its key, and what is preloaded for it, does not, and mostly decides whether the page is shown at all. */
const LOADS = /^(?:all|all_by|aggregate|stream)$/;
/** Who looks at the page has to be known both times. */
const IDENTITY = /(?:^|_)(?:current|session|auth\w*|permi\w*|roles?)(?:_|$)/;
/** Farther away, too much decides whether it is loaded at all. */
const MAX_HOPS = 4;

export default moduleRule({
  id: "liveview/query-in-mount-twice",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "`mount` loads data for the first HTML and again when the page connects: each visit pays for it twice.",
  check(module, cx) {
    if (!behavesAs(module, "Phoenix.LiveView")) return;
    const mounts = (module.byName.get("mount") ?? []).filter(({ arity }) => arity === 3);
    if (mounts.length === 0) return;
    const known = cx.about(effects, module);
    for (const clause of mounts) {
      for (const call of unguardedCalls(clause)) {
        const ways = [known.of(call, "http"), known.of(call, "db-read")];
        const witness = ways.find((way) => way !== null && isExpensive(way));
        if (!witness) continue;
        cx.report(
          anchor(module, clause, call.at),
          `This ${reaches(witness)}, and \`mount\` runs twice for each visit, for the first HTML and when the page connects; load it with \`assign_async\`, or \`if connected?(socket)\`.`,
          {
            related: evidence(witness),
            fixes: [
              suggest("Load it with `assign_async`", loadAsync("assign"), { phoenix_live_view: "0.20.0" }),
              suggest("Load it with `stream_async`", loadAsync("stream"), { phoenix_live_view: "1.1.5" }),
            ],
          },
        );
      }
    }
  },
});

/** False too where somebody on the way asks whether the page is connected, or whether it is loaded already, as `assign_new` does. */
function isExpensive(witness: Witness): boolean {
  const { effect, hops } = witness;
  if (hops.length > MAX_HOPS || isAvoided(witness)) return false;
  if (effect === "db-read" && !LOADS.test(lastHop(witness).call.name)) return false;
  return hops.every(({ call }) => !call.connected && !call.cached && !IDENTITY.test(call.name));
}
