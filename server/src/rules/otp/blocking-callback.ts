import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { milliseconds, type Shape } from "../../facts/shape.ts";
import { anchor, type Fix, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { clausesCalling } from "../../project/calls/calling.ts";
import type { Effect } from "../../project/effects/effect.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence, lastHop } from "../../project/effects/witness.ts";
import { asked } from "../../project/processes/asked.ts";
import {
  placeOf,
  SLOW,
  saying,
  servingClauses,
  type Wait,
  waitsIn,
  workingClauses,
} from "../../project/processes/blocking.ts";
import { hasConstantState } from "../../project/processes/constant-state.ts";
import { multiplicity, registeredNames } from "../../project/processes/servers.ts";
import { type TaskSupervisor, taskSupervisors } from "../../project/processes/task-supervisors.ts";
import { replyLater } from "../../refactor/reply-later.ts";
import { startTaskSupervisor } from "../../refactor/supervised-task.ts";

const DRIVERS = /^(?:Postgrex|MyXQL|Mongo)$/;

/** `AMQP.Connection.open/1`, `Mint.HTTP.connect/4` */
const OPENS = /^(?:open|(?:re)?connect)$/;

/** `File.rm_rf/1` */
const DELETES = /^rm_/;

/** What grows with what others leave to the server. */
const ENDLESS: readonly Effect[] = ["folder"];

/** Servers that are there to make their callers wait. */
const PACING = /(?:Rate|Throttl|Limit|Backoff|Debounce|Pacer|Lock|Queue)/;

export default moduleRule({
  id: "otp/blocking-callback",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A GenServer callback waits for another machine or program, and every caller of the server waits behind it.",
  check(module, cx) {
    const serving = servingClauses(module);
    // Where nobody waits for an answer, only what takes any length of time keeps others waiting.
    const callbacks = serving.length > 0 ? serving : workingClauses(module);
    const slow = serving.length > 0 ? SLOW : ENDLESS;
    if (callbacks.length === 0 || callersWait(module, cx)) return;
    const known = cx.about(effects, module);
    const severity = SEVERITY[multiplicity(module)];
    const told = new Set<CallFact>();
    for (const clause of callbacks) {
      const waits = waitsIn(clause, known, slow)
        .filter((wait) => holdsUp(wait, clause, module))
        .map((wait) => placeOf(wait, clause, module))
        .filter(({ call }) => !told.has(call));
      const [first, ...more] = waits;
      if (!first) continue;
      // Nobody waits behind it.
      if (!cx.about(asked, module)) return;
      for (const { call } of waits) told.add(call);
      const isRequest = clause.name === "handle_call";
      const others =
        serving.length > 0
          ? `all other callers of \`${module.name}\` wait as long, or until their timeout (5 s by default)`
          : `what others cast to \`${module.name}\` piles up as long`;
      cx.report(
        anchor(module, first.clause, first.call.at),
        `${saying(first)}: ${others}; ${isRequest ? "run it in a task and answer with `GenServer.reply/2`" : "run it in a task that tells the server when it is done"}.`,
        {
          // What keeps the rest of a callback waiting is mended with it.
          related: [
            ...evidence(first.witness),
            ...more.map((wait) => ({
              at: anchor(module, wait.clause, wait.call.at),
              message: `\`${wait.clause.name}/${wait.clause.arity}\` waits here as well`,
            })),
          ],
          severity,
          fixes: isRequest ? [inTask(module, cx.about(taskSupervisors, module))] : [],
        },
      );
    }
  },
});

/** False for waits that a server of this kind is there for, and for those that are soon over. */
function holdsUp({ witness }: Wait, clause: ClauseOfModule, module: ModuleFacts): boolean {
  const { call } = lastHop(witness);
  // A server that keeps a connection to a database of its own is there for that, as one that keeps a repository.
  if (DRIVERS.test(call.module ?? "")) return false;
  // While it has no connection, there is nothing that it could do for anybody.
  if (clause.name !== "handle_call" && OPENS.test(call.name)) return false;
  switch (witness.effect) {
    case "sleep":
      return !PACING.test(module.name);
    // One of many works on files of its own; what many throw away, it may be the only one to delete.
    case "folder":
      return multiplicity(module) === "one" || DELETES.test(call.name);
    // A clause without state that runs a program is a lock around it.
    case "os-command":
      return !hasConstantState(module) && clause.callback?.state === "used";
    default:
      return true;
  }
}

/**
 * True where each function that asks the server says for how long it waits, and that is longer than it would be otherwise: functions
 * of its own module, and of one that the server is called after. What is cast to it has nobody who says so.
 */
function callersWait(module: ModuleFacts, cx: ViewContext): boolean {
  if (module.byName.has("handle_cast")) return false;
  const clients = new Set([module, ...registeredNames(module).flatMap((name) => cx.named(name))]);
  const requests = [...clients].flatMap((client) =>
    clausesCalling(client, "GenServer").flatMap(({ calls }) =>
      calls.filter((call) => call.module === "GenServer" && call.name === "call"),
    ),
  );
  return requests.length > 0 && requests.every(({ args: [, , timeout] }) => timeout !== undefined && !isShort(timeout));
}

/** `GenServer.call/3` gives up after that many milliseconds when it is not told otherwise. */
const DEFAULT_TIMEOUT = 5000;

function isShort(timeout: Shape): boolean {
  const time = milliseconds(timeout);
  return time !== null && time <= DEFAULT_TIMEOUT;
}

/** Where no application of the project is known, its task supervisor is called as Phoenix and the guides call it. */
function inTask({ name }: ModuleFacts, known: TaskSupervisor | null): Fix {
  const supervisor = known?.name ?? `${name.split(".")[0]}.TaskSupervisor`;
  return suggest(`Run it in a task of \`${supervisor}\` and reply later`, (source) => {
    const replying = replyLater(source, supervisor);
    const started = startTaskSupervisor(source, supervisor, known?.place ?? null);
    return replying && started && [...replying, ...started];
  });
}

/** The more callers share one server, the worse. */
const SEVERITY = { one: "warning", many: "hint", unknown: "information" } as const;
