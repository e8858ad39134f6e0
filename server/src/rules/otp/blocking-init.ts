import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { SLOW, SLOW_AT_START, saying, waitsIn } from "../../project/blocking.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence } from "../../project/effects/witness.ts";
import { behavesAs, multiplicity } from "../../project/servers.ts";
import { continueInit } from "../../refactor/init-continue.ts";

/** So many loads are no longer a look at a row of its own. */
const MANY = 3;

export default moduleRule({
  id: "otp/blocking-init",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "Slow work in `init/1`: the supervisor, and all that it starts later, waits until it is done.",
  check(module, cx) {
    if (!behavesAs(module, "GenServer") || behavesAs(module, "Supervisor", "DynamicSupervisor")) return;
    const inits = (module.byName.get("init") ?? []).filter((clause) => clause.callback);
    if (inits.length === 0) return;
    const known = cx.about(effects, module);
    const isOne = multiplicity(module) === "one";
    for (const clause of inits) {
      const ways = clause.callback?.returns ?? [];
      // A step of the boot, which is over when `init` is: to wait for it is what it is for.
      if (ways.some((way) => way.kind === "atom" && way.value === "ignore")) continue;
      const all = waitsIn(clause, known, SLOW_AT_START);
      // One of many mostly loads a row of its own, which is soon done; a server of the whole application needs the database to boot.
      const [wait, ...others] = isOne || all.length >= MANY ? all : waitsIn(clause, known, SLOW);
      if (!wait) continue;
      cx.report(
        anchor(module, clause, wait.call.at),
        `${saying(wait)}: whoever starts \`${module.name}\` waits for it, and when it fails the supervisor does not come up; do it in \`handle_continue/2\`.`,
        {
          related: [
            ...evidence(wait.witness),
            ...others.map((other) => ({ at: anchor(module, clause, other.call.at), message: saying(other) })),
          ],
          fixes: [suggest("Move it to `handle_continue/2`", continueInit)],
        },
      );
    }
  },
});
