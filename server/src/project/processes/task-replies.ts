import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isAtomShape, type Shape } from "../../facts/shape.ts";
import { byModule } from "../conclusions.ts";
import { effects } from "../effects/effects.ts";
import type { Lookup } from "../lookup.ts";
import { behavesAs, messagesHandled } from "./servers.ts";

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
