import type { CallFact, ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { clausesOf, isLocalCall } from "../../project/calls/clauses.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { timeoutOf } from "../../project/effects/libraries.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { channelClauses, liveClauses, servingClauses } from "../../project/processes/blocking.ts";

export default moduleRule({
  id: "otp/await-in-callback",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  default: "off",
  summary: "A callback that awaits a task is blocked as long as if it did the work itself.",
  check(module, cx) {
    const live = liveClauses(module);
    const callbacks = [...servingClauses(module), ...live, ...channelClauses(module)];
    if (callbacks.length === 0) return;
    const known = cx.about(effects, module);
    const instead =
      live.length > 0
        ? "use `start_async` and `handle_async`"
        : "start it with `Task.Supervisor.async_nolink` and take the result in `handle_info`";
    for (const clause of new Set(callbacks)) {
      for (const { at, awaits, owner } of awaitsIn(module, clause, known)) {
        // Several at once are quicker than one after the other: the callback is blocked, but not for nothing.
        const severity = awaits.several ? ({ severity: "hint" } as const) : {};
        const through = owner === clause ? "" : ` through \`${owner.name}/${owner.arity}\``;
        cx.report(
          anchor(module, clause, at),
          `\`${clause.name}\` waits in \`${awaits.what}\`${through}: the process handles no other message until the task is done, and goes down with it when it is linked; ${instead}.`,
          {
            related:
              owner === clause
                ? []
                : [{ at: anchor(module, owner, awaits.at), message: `\`${awaits.what}\` waits here` }],
            ...severity,
          },
        );
      }
    }
  },
});

/** Where a callback awaits tasks: the place in it, and the one that waits, in the callback or in a helper that it calls. */
interface Await {
  readonly at: Ordinal;
  readonly owner: ClauseOfModule;
  readonly awaits: Place;
}

/** A place that waits, what is called there, and whether for several tasks that run at the same time. */
interface Place {
  readonly at: Ordinal;
  readonly what: string;
  readonly several: boolean;
}

function awaitsIn(module: ModuleFacts, clause: ClauseOfModule, known: ModuleEffects): Await[] {
  const out: Await[] = placesIn(clause, known).map((awaits) => ({ at: awaits.at, awaits, owner: clause }));
  for (const call of clause.calls) {
    if (!isLocalCall(module, call) || !known.runs(call, clause)) continue;
    for (const owner of clausesOf(module, call.name, call.arity)) {
      const [awaits] = owner === clause ? [] : placesIn(owner, known);
      if (!awaits) continue;
      out.push({ at: call.at, awaits, owner });
      break;
    }
  }
  return out;
}

function placesIn(clause: ClauseOfModule, known: ModuleEffects): Place[] {
  const awaits = clause.calls.filter((call) => isAwait(call) && known.runs(call, clause));
  // A stream of tasks is awaited by who reads it. That it is read here, and not elsewhere, is known by what it runs.
  const streams = clause.loops.filter(
    (loop, i) => STREAM.test(loop.kind) && clause.calls.some((call) => call.loop === i && call.runs === "inline"),
  );
  return [
    ...awaits.map((call) => ({
      at: call.at,
      what: nameOfCall(call),
      several: awaits.length > 1 || call.loop >= 0 || call.name.endsWith("_many"),
    })),
    ...streams.map((loop) => ({ at: loop.at, what: loop.kind, several: true })),
  ];
}

const STREAM = /^Task\..*async_stream/;

/** A look whether the task is done, `Task.yield(task, 0)`, is no wait. */
function isAwait(call: CallFact): boolean {
  return call.module === "Task" && /^(?:await|yield)(?:_many)?$/.test(call.name) && timeoutOf(call) !== 0;
}
