import type { CallFact, ClauseFacts, ModuleFacts } from "../../facts/facts.ts";
import { canMatch, entry, type Shape } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { cleanUpIn } from "../../project/processes/clean-up.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import { trapsExits } from "../../project/processes/trapped-exits.ts";
import { trapExits } from "../../refactor/trap-exits.ts";

const SHUTDOWN: Shape = { kind: "atom", value: "shutdown" };

export default moduleRule({
  id: "otp/terminate-without-trap-exit",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  default: "off",
  summary: "A clean-up in `terminate/2` of a server that does not trap exits: at shutdown it is skipped.",
  check(module, cx) {
    if (!behavesAs(module, "GenServer") || isTemporary(module) || mayTrapExits(module, cx)) return;
    for (const clause of module.byName.get("terminate") ?? []) {
      if (!clause.callback || !canMatch(clause.params[0] ?? SHUTDOWN, SHUTDOWN)) continue;
      const work = cleanUpIn(module, clause);
      if (!work) continue;
      cx.report(
        anchor(module, clause, clause.at),
        `When its supervisor shuts \`${module.name}\` down, \`terminate/2\` does not run, because the process does not trap exits: \`${nameOf(work)}\` is skipped; call \`Process.flag(:trap_exit, true)\` in \`init/1\`.`,
        { fixes: [suggest("Trap exits in `init/1`", trapExits)] },
      );
      return;
    }
  },
});

function nameOf({ module, name }: CallFact): string {
  return module === null ? name : `${module}.${name}`;
}

/** One that is not started again ends by itself as a rule. */
function isTemporary({ useForms }: ModuleFacts): boolean {
  return useForms.some(({ options }) => {
    const restart = entry(options ?? undefined, "restart");
    return restart?.kind === "atom" && restart.value === "temporary";
  });
}

/** True when the module, or one of the project's that it uses, sets the flag, or has it set by a function that is called so. */
function mayTrapExits(module: ModuleFacts, cx: ViewContext): boolean {
  const used = module.useForms.flatMap(({ use }) => cx.named(use.module));
  const sets = (clause: ClauseFacts): boolean => trapsExits(clause) || clause.calls.some(isCalledSo);
  return [module, ...used].some(({ clauses }) =>
    clauses.some((clause) => sets(clause) || clause.quoted?.clauses.some(sets)),
  );
}

function isCalledSo({ name }: CallFact): boolean {
  return /trap_?exit/.test(name);
}
