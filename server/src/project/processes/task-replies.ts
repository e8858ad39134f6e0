import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isAtomShape, type Shape } from "../../facts/shape.ts";
import { clausesCalling } from "../calls/calling.ts";
import { byModule } from "../conclusions.ts";
import { effects } from "../effects/effects.ts";
import type { Lookup } from "../lookup.ts";
import { behavesAs, handlesMessage, messagesHandled } from "./servers.ts";
import { setsTrapExit } from "./trapped-exits.ts";

/** A task that is started for its result, which nobody takes. */
export interface LostTask {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

const NONE: readonly LostTask[] = [];
const STARTS = /^Task\.(?:async|Supervisor\.async(?:_nolink)?)$/;
/** So many functions back a process is looked for that runs the code. */
const MOST = 400;

/**
 * The tasks of each module that nobody awaits and whose reply nobody takes: the message goes to the process that runs the code,
 * which may be that of another module.
 */
export const lostTasks = byModule({
  name: "lost-tasks",
  slices: effects.slices,
  isAbout: (module, clauses) => clauses.all(discarded, module).length > 0,
  nothing: NONE,
  conclude: (lookup, module) => {
    const lost = lookup.clauses
      .all(discarded, module)
      .filter(({ clause }) => !endsAfter(lookup, clause, 0) && !isTaken(lookup, module, clause));
    return lost.length > 0 ? lost : NONE;
  },
});

/** A task that its server is linked to, and takes the result of. */
export interface LinkedTask extends LostTask {
  /** The clause for the end of a task, which the server does not live to see. */
  readonly down: ClauseOfModule;
}

const CALLBACK = /^handle_(?:call|cast|info|continue)$/;
const LINKS = /^Task\.(?:Supervisor\.)?async$/;

/**
 * The tasks that callbacks of a GenServer start and wait for by messages, `{ref, result}` and `{:DOWN, ref, …}`: linked to them, a
 * server that does not trap exits ends with the first that fails. Empty where `:DOWN` may be of something else, or does nothing.
 */
export function linkedTasks(module: ModuleFacts): readonly LinkedTask[] {
  const starting = clausesCalling(module, "Task", "Task.Supervisor");
  if (starting.length === 0 || !behavesAs(module, "GenServer") || !takesReplies(module)) return [];
  const down = (module.byName.get("handle_info") ?? []).find(seesCrash);
  if (!down || handlesMessage(module, "EXIT") || module.clauses.some(({ calls }) => calls.some(watches))) return [];
  return starting.flatMap((clause) =>
    CALLBACK.test(clause.name) && clause.callback
      ? clause.calls.filter(isLinked).map((call) => ({ clause, call, down }))
      : [],
  );
}

function isLinked({ module, name, runs, outcome }: CallFact): boolean {
  return LINKS.test(`${module}.${name}`) && runs !== "elsewhere" && outcome !== "discarded";
}

/** A monitor of its own, whose `:DOWN` is none of a task; a link that does not kill; a task that is waited for. */
function watches(call: CallFact): boolean {
  const { module, name } = call;
  if (setsTrapExit(call)) return true;
  return module === "Task" ? /^(?:await|yield)/.test(name) : name === "monitor" || name === "async_nolink";
}

/** `handle_info({:DOWN, ref, :process, pid, reason}, state)` that looks at the reason, or does something to the state. */
function seesCrash({ params: [message], callback }: ClauseOfModule): boolean {
  const [tag, , , , reason] = message?.kind === "tuple" ? message.items : [];
  if (!isAtomShape(tag, "DOWN") || isAtomShape(reason, "normal")) return false;
  return (reason?.kind === "variable" && !reason.name.startsWith("_")) || callback?.unchanged === false;
}

/** How many functions a callback may be away. */
const DEPTH = 4;

/** True where the process ends as soon as the clause has run, whichever way it takes: what comes then is read by nobody. */
function endsAfter(lookup: Lookup, clause: ClauseOfModule, depth: number): boolean {
  const ways = clause.callback?.returns ?? [];
  if (ways.length > 0) return ways.every(stops);
  const callers = depth < DEPTH ? lookup.callers(clause) : [];
  return callers.length > 0 && callers.every((link) => endsAfter(lookup, link.clause, depth + 1));
}

function stops(way: Shape): boolean {
  return isAtomShape(way, "stop") || (way.kind === "tuple" && isAtomShape(way.items[0], "stop"));
}

function discarded(clause: ClauseOfModule): readonly LostTask[] {
  const calls = clause.calls.filter(isDiscarded);
  return calls.length > 0 ? calls.map((call) => ({ clause, call })) : NONE;
}

function isDiscarded(call: CallFact): boolean {
  return call.outcome === "discarded" && STARTS.test(`${call.module}.${call.name}`) && !call.template;
}

/** True when a module that may run the clause in its process has a clause for such messages. */
function isTaken(lookup: Lookup, module: ModuleFacts, clause: ClauseOfModule): boolean {
  // The state of a server may be a module inside of it.
  const around = module.name.split(".").map((_, i, parts) => parts.slice(0, i + 1).join("."));
  if (around.some((name) => lookup.named(name).some(takesReplies))) return true;
  const way = new Map([[clause, module]]);
  for (const [at, owner] of way) {
    if (takesReplies(owner)) return true;
    // A component runs in the process of the LiveView that has it.
    if (behavesAs(owner, "Phoenix.LiveComponent") && lookup.where(isViewThatTakesReplies).length > 0) return true;
    if (way.size < MOST) for (const link of lookup.callers(at)) way.set(link.clause, link.module);
  }
  return false;
}

function isViewThatTakesReplies(module: ModuleFacts): boolean {
  return behavesAs(module, "Phoenix.LiveView") && takesReplies(module);
}

/**
 * True when `handle_info` has a clause for `{ref, result}`, or one that takes anything and looks at it; or when such messages
 * are handed to a function of the module: `handle_event({ref, result}, state)`.
 */
function takesReplies(module: ModuleFacts): boolean {
  return (
    messagesHandled(module).some((message) =>
      message.kind === "variable" ? !message.name.startsWith("_") : startsWith(message, ["variable", "any"]),
    ) || module.clauses.some(({ params }) => params.some((param) => startsWith(param, ["variable"], /^_?ref$/)))
  );
}

function startsWith(shape: Shape, kinds: readonly Shape["kind"][], name = /^/): boolean {
  const [ref] = shape.kind === "tuple" && shape.items.length === 2 ? shape.items : [];
  return ref !== undefined && kinds.includes(ref.kind) && (ref.kind !== "variable" || name.test(ref.name));
}
