import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isAtomShape, type Shape } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence, lastHop, reaches } from "../../project/effects/witness.ts";
import { isOfStore, SLOW_AT_START, saying, startsInTurn, waitsIn } from "../../project/processes/blocking.ts";
import { optionOf, specifyingUse } from "../../project/processes/child-spec.ts";
import { startedChild } from "../../project/processes/child-starts.ts";
import { endsWell } from "../../project/processes/ends-itself.ts";
import { secondSteps, timeoutStep } from "../../project/processes/second-step.ts";
import { behavesAs, multiplicity } from "../../project/processes/servers.ts";
import { continueInit } from "../../refactor/init-continue.ts";
import { continueMessage } from "../../refactor/message-continue.ts";

/** `handle_continue/2` (Elixir 1.7, on OTP 21). */
const CONTINUES = { elixir: "1.7.0" };

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
    // A step of the boot, or the server of a program that ends with it: to be waited for is what it is for.
    if (isStep(module) || endsWell(module)) return;
    const known = cx.about(effects, module);
    const isOne = multiplicity(module) === "one";
    for (const clause of inits) {
      for (const { call, name, handler, again } of secondSteps(module, clause))
        cx.report(
          anchor(module, clause, call.at),
          `\`${module.name}\` is ready only when it has handled its own message \`:${name}\`, and others can come before that: return \`{:continue, …}\`, which goes before all messages.`,
          {
            related: [{ at: anchor(module, handler, handler.at), message: "The rest of the initialisation" }],
            requires: CONTINUES,
            fixes: again ? [] : [suggest("Return `{:continue, …}` instead", continueMessage)],
          },
        );
      const late = timeoutStep(module, clause);
      if (late)
        cx.report(
          anchor(module, clause, clause.at),
          `\`${module.name}\` leaves the rest of its initialisation to a timeout of 0, and any message that comes before that cancels it: return \`{:continue, …}\`, which goes before all messages.`,
          {
            related: [{ at: anchor(module, late, late.at), message: "The rest of the initialisation" }],
            requires: CONTINUES,
          },
        );
      const ways = clause.callback?.returns ?? [];
      // A step of the boot, which is over when `init` is.
      if (ways.some((way) => way.kind === "atom" && way.value === "ignore")) continue;
      // One of many that tells its starter when it fails: that is what the starter waits for.
      if (!isOne && ways.some(tellsReason)) continue;
      // What is done to local files is soon done, and has to be before the first message.
      const all = waitsIn(clause, known, SLOW_AT_START, "start").filter(
        ({ witness, call }) =>
          witness.effect !== "folder" && !(witness.effect === "sleep" && isBeforeStop(clause, call)),
      );
      // One of many mostly loads a row of its own, which is soon done; a server of the whole application needs the database to boot.
      const [wait, ...others] = isOne || all.length >= MANY ? all : all.filter(({ witness }) => !isOfStore(witness));
      const [start] = wait
        ? []
        : startsInTurn(clause, known).filter(({ witness }) => isSlow(lastHop(witness).call, cx));
      const found = wait ?? start;
      if (!found) continue;
      cx.report(
        anchor(module, clause, found.call.at),
        wait
          ? `${saying(wait)}: whoever starts \`${module.name}\` waits for it${isOne ? ", and when it fails the supervisor does not come up" : ""}; do it in \`handle_continue/2\`.`
          : `This ${reaches(found.witness)} for one child after the other, and each time waits until its \`init\` is done: whoever starts \`${module.name}\` waits for all of them; start them side by side with \`Task.async_stream/2\`, or in \`handle_continue/2\`.`,
        {
          related: [
            ...evidence(found.witness),
            ...others.map((other) => ({ at: anchor(module, clause, other.call.at), message: saying(other) })),
          ],
          fixes: [suggest("Move it to `handle_continue/2`", continueInit)],
        },
      );
    }
  },
});

/** `use GenServer, restart: :temporary` without a callback but `init`: what it does once is all that it does. */
function isStep(module: ModuleFacts): boolean {
  const form = specifyingUse(module);
  if (!form || optionOf(form, "restart") !== "temporary") return false;
  return !module.clauses.some(({ name }) => /^handle_(?:call|cast|info|continue)$/.test(name));
}

/** True when each start takes its time, of all modules of the child's name: `init` waits for something, or starts a tree of its own. */
function isSlow(start: CallFact, cx: ViewContext): boolean {
  const children = cx.named(startedChild(start) ?? "");
  const waits = (child: ModuleFacts): boolean =>
    behavesAs(child, "Supervisor") ||
    (child.byName.get("init") ?? []).some(
      (init) => init.callback && waitsIn(init, cx.about(effects, child), SLOW_AT_START, "start").length > 0,
    );
  return children.length > 0 && children.every(waits);
}

/** A pause on the way on which `init` fails, `{:stop, reason}`: it is there so that the next attempt does not come at once. */
function isBeforeStop({ branches, callback }: ClauseOfModule, { branch }: CallFact): boolean {
  const stops = callback?.returns.some((way) => way.kind === "tuple" && isAtomShape(way.items[0], "stop"));
  return stops === true && branches[branch]?.failure === true;
}

/** `{:stop, reason}` with a reason that it was given. */
function tellsReason(way: Shape): boolean {
  const [tag, reason, more] = way.kind === "tuple" ? way.items : [];
  return isAtomShape(tag, "stop") && reason?.kind === "variable" && !more;
}
