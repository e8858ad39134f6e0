import type { Shape } from "../../facts/shape.ts";
import { type Anchor, anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { isLocalCall } from "../../project/calls/clauses.ts";
import { VERBS } from "../../project/effects/effect.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence, type Hop, lastHop, nameOfCall, reaches, type Witness } from "../../project/effects/witness.ts";
import { pollsOf, waitsOfPoll } from "../../project/live/polling.ts";
import { packages } from "../../project/packages.ts";
import { isAnsweredAtOnce } from "../../project/processes/answers.ts";
import { dashboardClauses, liveClauses, SLOW, saying, waitsIn } from "../../project/processes/blocking.ts";
import { ASIDE, IN_TASK, startAsync } from "../../refactor/start-async.ts";

const START_ASYNC = suggest("Run it in `start_async`", startAsync, { phoenix_live_view: "0.20.0" });

/** The mails of `phx.gen.auth`: the generator's own LiveViews send them so. */
const GENERATED = /^deliver_\w+_instructions$/;

/** Functions that make somebody wait on purpose, as who guesses at codes; in a task they would not. */
const PAUSES = /throttl|rate_?limit|slow_?down|tarpit|back_?off/;

/** The callbacks that open a page, one after the other. */
const OPENS = /^(?:mount|handle_params)$/;

/** A page that asks itself again after so many milliseconds or less does hardly anything else… */
const OFTEN = 2000;
/** …where it waits for so many answers each time. */
const MANY = 3;

const LOOKS_UP = /(?:^Process|^GenServer|^:global|Registry)\.(?:whereis|whereis_name|lookup)$/;

export default moduleRule({
  id: "liveview/blocking-callback",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A callback of a LiveView waits for another machine or program, and the page is frozen until it returns.",
  check(module, cx) {
    const ofDashboard = dashboardClauses(module);
    const isDashboard = ofDashboard.length > 0;
    const callbacks = isDashboard ? ofDashboard : liveClauses(module);
    if (callbacks.length === 0) return;
    const known = cx.about(effects, module);
    // In a sample application it stands for work.
    const isStaged = (effect: Witness["effect"]): boolean =>
      effect === "sleep" && cx.read(packages).mix?.example === true;
    const [reported, opening] = [new Set<string>(), new Set<string>()];
    for (const clause of callbacks) {
      for (const wait of waitsIn(clause, known, SLOW)) {
        if (wait.witness.hops.some(({ call }) => GENERATED.test(call.name)) || isPause(wait.witness)) continue;
        if (isStaged(wait.witness.effect)) continue;
        const last = lastHop(wait.witness);
        if (clause.name === "mount" && wait.witness.effect === "sleep" && awaitsProcess(last)) continue;
        if (OPENS.test(clause.name) && isKnown(anchor(last.module, last.clause, last.call.at), opening)) continue;
        if (wait.witness.effect === "process-call" && isAnsweredAtOnce(last.call, last.module, cx)) continue;
        const { witness, at } = within(wait.witness);
        const place = anchor(module, at.clause, at.call.at);
        if (isKnown(place, reported)) continue;
        const who = at.clause === clause ? "" : `, and \`${clause.name}\` with it`;
        for (const { where, requires } of isDashboard ? IN_TASK : ASIDE) {
          cx.report(
            place,
            `${saying({ call: at.call, witness })}${who}: until it returns, the page reacts to nothing; run it in ${where}.`,
            {
              related: [
                ...(at.clause === clause
                  ? []
                  : [{ at: anchor(module, clause, wait.call.at), message: `\`${clause.name}\` comes here` }]),
                ...evidence(witness),
              ],
              fixes: !isDashboard && /^handle_(?:event|info)$/.test(at.clause.name) ? [START_ASYNC] : [],
              requires,
              // Sent once, for somebody who waits for it.
              ...(witness.effect === "mail" ? { severity: "information" as const } : {}),
            },
          );
        }
      }
    }
    for (const poll of isDashboard ? [] : pollsOf(module)) {
      const found = poll.every <= OFTEN ? waitsOfPoll(poll, module, known) : null;
      if (!found || found.waits.length < MANY) continue;
      const place = anchor(module, poll.clause, found.at.at);
      if (isKnown(place, reported)) continue;
      const pause = poll.every === 1000 ? "second" : `${poll.every} ms`;
      for (const { where, requires } of ASIDE) {
        cx.report(
          place,
          `Every ${pause} each open page waits here for ${found.waits.length} answers, one after the other (${named(found.waits)}): until the last has come it reacts to nothing; run it in ${where}, and set the next timer when it is done.`,
          { related: found.waits.flatMap(waitOf), requires },
        );
      }
    }
  },
});

/** "`Metrics.count/1`, `Metrics.rate/1` and 2 more" */
function named(waits: readonly Witness[]): string {
  const names = [...new Set(waits.map(({ hops: [{ call }] }) => `\`${nameOfCall(call)}\``))];
  return names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", ");
}

function waitOf(witness: Witness): { readonly at: Anchor; readonly message: string } {
  const [{ module, clause, call }] = witness.hops;
  return { at: anchor(module, clause, call.at), message: `This ${reaches(witness)}, which ${VERBS[witness.effect]}` };
}

/** Adds the place to those that are known; true where it was one. */
function isKnown({ path, form, at }: Anchor, known: Set<string>): boolean {
  const key = `${path} ${form} ${at}`;
  if (known.has(key)) return true;
  known.add(key);
  return false;
}

/** A loop that looks for a process of the same machine, which is about to start: what is mounted cannot do without. */
function awaitsProcess({ module, clause }: Hop): boolean {
  const isRepeated = clause.calls.some((call) => isLocalCall(module, call) && call.name === clause.name);
  const looks = clause.calls.some(({ module, name }) => LOOKS_UP.test(`${module}.${name}`));
  return isRepeated && (looks || module.mentions.some((name) => /\bRegistry$/.test(name)));
}

function isPause({ effect, hops }: Witness): boolean {
  return effect === "sleep" && hops.some(({ call }) => PAUSES.test(call.name));
}

/**
 * Where to mend it: a function of the page that is handed the socket, and whose value the callback goes on with, has to start the
 * task itself. So the way is followed through such functions.
 */
function within({ effect, hops }: Witness): { readonly witness: Witness; readonly at: Hop } {
  const [at, ...rest] = hops;
  const [next] = rest;
  const isHelper =
    next?.module.name === at.module.name && at.call.module === null && /^(?:kept|assumed)$/.test(at.call.outcome);
  if (!next || !isHelper || !next.clause.params.some(isSocket)) return { witness: { effect, hops }, at };
  return within({ effect, hops: [next, ...rest.slice(1)] });
}

function isSocket(param: Shape): boolean {
  return (
    (param.kind === "variable" && param.name === "socket") || (param.kind === "map" && param.keys.includes("assigns"))
  );
}
