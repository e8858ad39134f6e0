import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { canMatch, isSelfShape, milliseconds, nameOf, type Shape } from "../../facts/shape.ts";
import { isLocalCall } from "../calls/clauses.ts";
import type { Effect } from "../effects/effect.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import { lastHop, type Witness } from "../effects/witness.ts";
import { isAvoided } from "../processes/blocking.ts";

/** A clause of `handle_info` that a timer of its own module runs again and again. */
export interface Poll {
  readonly clause: ClauseOfModule;
  /** The milliseconds from one run to the next. */
  readonly every: number;
}

/** The ticks of a process that say how often they come; the shorter pause where a module names several. */
export function pollsOf(module: ModuleFacts): readonly Poll[] {
  const timers = module.clauses.flatMap((clause) => clause.calls.flatMap((call) => timerOf(call, clause)));
  return (module.byName.get("handle_info") ?? []).flatMap((clause): Poll[] => {
    const [pattern] = clause.params;
    // A clause for any message is not known to be for the timer's.
    if (!pattern || !isNamed(pattern)) return [];
    const pauses = timers
      .filter((timer) => canMatch(pattern, timer.message) && (timer.again || isSetBy(clause, timer.clause, module)))
      .map(({ pause }) => pause);
    return pauses.length > 0 ? [{ clause, every: Math.min(...pauses) }] : [];
  });
}

interface Timer {
  readonly clause: ClauseOfModule;
  readonly message: Shape;
  readonly pause: number;
  /** True where the timer goes on by itself. */
  readonly again: boolean;
}

/** `Process.send_after(self(), :tick, 1000)`, `:timer.send_interval(1000, :tick)` and their like. */
function timerOf({ module, name, args }: CallFact, clause: ClauseOfModule): Timer[] {
  const again = module === ":timer" && name === "send_interval";
  if (!again && !(name === "send_after" && /^(?:Process|:timer|:erlang)$/.test(module ?? ""))) return [];
  const [first, second, third] = args;
  const [to, message, time] = module === "Process" ? args : third ? [second, third, first] : [undefined, second, first];
  const pause = milliseconds(time);
  if (pause === null || !message || !isNamed(message) || (to && !isSelfShape(to))) return [];
  return [{ clause, message, pause, again }];
}

/** `:tick` and `{:tick, id}` */
function isNamed(message: Shape): boolean {
  return nameOf(message.kind === "tuple" ? message.items[0] : message) !== null;
}

/** True where the clause sets the timer, by itself or by a function of its module that it calls. */
function isSetBy(clause: ClauseOfModule, sets: ClauseOfModule, module: ModuleFacts): boolean {
  if (clause === sets) return true;
  return clause.calls.some((call) => isLocalCall(module, call) && call.name === sets.name && call.arity === sets.arity);
}

/** What a run of the clause waits for, one thing after the other, and the call of the clause that leads there. */
export interface PollWaits {
  readonly at: CallFact;
  readonly waits: readonly Witness[];
}

const WAITS: readonly Effect[] = ["http", "process-call", "db-read", "db-write"];

/** The waits of any run, in the clause itself or in the one function of its module, whose value it goes on with, that has most of them. */
export function waitsOfPoll({ clause }: Poll, module: ModuleFacts, known: ModuleEffects): PollWaits | null {
  const own = waitsOf(clause, known);
  const [first] = own;
  if (!first) return null;
  const all = [{ at: first.hops[0].call, waits: own }];
  for (const { hops } of own) {
    const [{ call }, next] = hops;
    if (next && next.module.name === module.name && isLocalCall(module, call) && call.outcome !== "discarded")
      all.push({ at: call, waits: waitsOf(next.clause, known) });
  }
  return all.reduce((most, each) => (each.waits.length > most.waits.length ? each : most));
}

/** What each call of the clause waits for, of those that every run makes. */
function waitsOf(clause: ClauseOfModule, known: ModuleEffects): Witness[] {
  return clause.calls.flatMap((call): Witness[] => {
    if (call.branch !== -1 || call.template || !known.runs(call, clause)) return [];
    const ways = WAITS.flatMap((effect) => known.of(call, effect) ?? []).filter(
      (way) => !isAvoided(way) && !mayBeThere(way),
    );
    const nearest = ways.sort((a, b) => a.hops.length - b.hops.length)[0];
    return nearest ? [nearest] : [];
  });
}

/** A preload asks nothing where the rows are loaded already. */
function mayBeThere(way: Witness): boolean {
  return lastHop(way).call.name === "preload";
}
