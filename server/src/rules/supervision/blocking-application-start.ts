import type { CallFact } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence, lastHop, type Witness } from "../../project/effects/witness.ts";
import { isOfDatabase, SLOW_AT_START, saying, waitsIn } from "../../project/processes/blocking.ts";
import { endsItself } from "../../project/processes/ends-itself.ts";
import { behavesAs } from "../../project/processes/servers.ts";

export default moduleRule({
  id: "supervision/blocking-application-start",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "Slow work in `Application.start/2`: the release boots only when it is done, and not at all when it fails.",
  check(module, cx) {
    if (!behavesAs(module, "Application") || cx.read(endsItself)) return;
    const known = cx.about(effects, module);
    const phases = (module.byName.get("start_phase") ?? []).filter(({ arity }) => arity === 3);
    for (const clause of [...(module.byName.get("start") ?? []), ...phases]) {
      if (clause.name === "start" && clause.arity !== 2) continue;
      const [wait, ...others] = waitsIn(clause, known, SLOW_AT_START, "boot").filter(
        ({ witness }) => !isCheck(witness) && !(isOfDatabase(witness.effect) && clause.calls.some(migrates)),
      );
      if (!wait) continue;
      cx.report(
        anchor(module, clause, wait.call.at),
        `${saying(wait)}: the boot waits for it${insteadOf(wait.witness)}.`,
        {
          related: [
            ...evidence(wait.witness),
            ...others.map((other) => ({ at: anchor(module, clause, other.call.at), message: saying(other) })),
          ],
        },
      );
    }
  },
});

/** What has to be there before any process may start: a boot that migrates waits for the database on purpose. */
function migrates({ module }: CallFact): boolean {
  return module === "Ecto.Migrator";
}

/** Time cannot fail; what is waited for can, and says itself when it is there. */
function insteadOf({ effect }: Witness): string {
  return effect === "sleep"
    ? ", whether what it waits for is there or not; have the process that needs that ask for it, in `handle_continue/2`"
    : ", and fails when it does; do it in a supervised process, in `handle_continue/2`";
}

/** What must not run without something asks for that first: `check_postgres_version()`, `System.cmd("fwup", ["--version"])`. */
function isCheck({ effect, hops }: Witness): boolean {
  const isNamed = hops.some(({ call }) => CHECKS.test(call.name));
  const [, options] = lastHop({ effect, hops }).call.args;
  const asksVersion =
    options?.kind === "list" && options.items.some((item) => item.kind === "string" && VERSION.test(item.value));
  return isNamed || (effect === "os-command" && asksVersion);
}

const CHECKS = /^(?:check|verify|validate|ensure|assert)(?:_|!?$)/;
const VERSION = /^(?:--?)?(?:version|v)$/i;
