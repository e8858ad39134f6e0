import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { ANY, canMatch, isAtomShape, isOpen, isSelfShape, type Shape } from "../../facts/shape.ts";
import { isLocalCall } from "../calls/clauses.ts";
import { sentToSelf } from "./own-messages.ts";
import { continuations, startNames } from "./servers.ts";

/** A message by which `init` has its own process do the rest of the initialisation. */
export interface SecondStep {
  readonly call: CallFact;
  /** `:load` of `:load` and of `{:load, path}`. */
  readonly name: string;
  /** The clause that handles it. */
  readonly handler: ClauseOfModule;
  /** True where the module sends it again, to begin anew. */
  readonly again: boolean;
}

const ASKED = ["handle_call", "handle_cast"];
const MESSAGES = /^handle_(?:call|cast|info)$/;
/** What makes a process known to others before its `init` is done. */
const ANNOUNCES = /subscribe|subscription|register|join|listen/;

/**
 * The messages that an `init` sends to its own process where another one can come first: the process has a name by then, or has
 * subscribed to something. What is sent again by a timer, or by who handles it, is no step of the beginning but a tick.
 */
export function secondSteps(module: ModuleFacts, init: ClauseOfModule): readonly SecondStep[] {
  if (continuations(init).length > 0) return [];
  // A server with a name that nobody asks anything gets its own messages only.
  const isAsked = startNames(module).length > 0 && ASKED.some((name) => module.byName.has(name));
  return init.calls.flatMap((call, i) => {
    const message = call.runs === "inline" ? leftToSelf(call) : null;
    const name = nameOf(message);
    if (!message || name === null) return [];
    if (!isAsked && !init.calls.slice(0, i).some((before) => ANNOUNCES.test(before.name))) return [];
    const handlers = module.byName.get(call.name === "cast" ? "handle_cast" : "handle_info") ?? [];
    const handler = handlers.find(
      ({ params: [pattern] }) => nameOf(pattern) !== null && canMatch(pattern ?? ANY, message),
    );
    // Where the state is ready as it is, it does not matter which message comes first.
    if (!handler?.callback || handler.callback.unchanged || isDoneByAll(module, handler) || startsTask(module, handler))
      return [];
    const others = usesOf(message, module).filter((use) => use.call !== call);
    return others.some((use) => isTick(use, handler)) ? [] : [{ call, name, handler, again: others.length > 0 }];
  });
}

/**
 * The clauses for messages that only an `init` sends, to its own process: what they do is the end of the start, as that of a
 * `handle_continue` is, and done once.
 */
export function startUpClauses(module: ModuleFacts): readonly ClauseOfModule[] {
  const inits = (module.byName.get("init") ?? []).filter(({ callback }) => callback !== null);
  return inits.flatMap((init) =>
    init.calls.flatMap((call) => {
      const message = call.runs === "inline" ? leftToSelf(call) : null;
      if (!message || nameOf(message) === null || usesOf(message, module).some((use) => use.call !== call)) return [];
      const handlers = module.byName.get(call.name === "cast" ? "handle_cast" : "handle_info") ?? [];
      return handlers.filter(
        ({ params: [pattern] }) => pattern && nameOf(pattern) !== null && canMatch(pattern, message),
      );
    }),
  );
}

/**
 * The clause for `:timeout` to which an `init` leaves the rest by `{:ok, state, 0}`. Null where the module has other timeouts, or
 * sends itself such a message: then it is its loop.
 */
export function timeoutStep(module: ModuleFacts, init: ClauseOfModule): ClauseOfModule | null {
  const isLeft = init.callback?.returns.some((way) => {
    const time = timeIn(way, "ok", 3);
    return time?.kind === "number" && time.value === "0";
  });
  if (!isLeft) return null;
  const isLoop = module.clauses.some(
    (clause) => clause.calls.some(sendsTimeout) || (clause !== init && mayTimeOut(module, clause)),
  );
  const handler = module.byName.get("handle_info")?.find(({ params: [message] }) => isAtomShape(message, "timeout"));
  // A clause that takes the message and does nothing leaves nothing undone.
  const works = handler && !(handler.callback?.unchanged && handler.calls.length === 0);
  return works && !isLoop ? handler : null;
}

function sendsTimeout({ name, args }: CallFact): boolean {
  return /^send/.test(name) && args.some((arg) => isAtomShape(arg, "timeout"));
}

/** What a callback returns says a time, or is left to a function of the module, which may. */
function mayTimeOut(module: ModuleFacts, { callback }: ClauseOfModule): boolean {
  return (callback?.returns ?? []).some((way) => {
    if (way.kind === "call") return way.module === null && module.byName.has(way.name);
    const time = timeIn(way, "ok", 3) ?? timeIn(way, "noreply", 3) ?? timeIn(way, "reply", 4);
    return time !== null && !isAtomShape(time, "hibernate") && !isAtomShape(time, "infinity") && time.kind !== "tuple";
  });
}

/** The last element of `{tag, …}`, where it has that many. */
function timeIn(way: Shape, tag: string, size: number): Shape | null {
  return way.kind === "tuple" && way.items.length === size && isAtomShape(way.items[0], tag)
    ? (way.items[size - 1] ?? null)
    : null;
}

/** True where the step only starts a task, whose answer comes by a message: the server is no readier than before. */
function startsTask(module: ModuleFacts, step: ClauseOfModule): boolean {
  const starts = ({ calls }: ClauseOfModule): boolean =>
    calls.some((call) => /^Task(?:\.Supervisor)?$/.test(call.module ?? "") && /^(?:async|start)/.test(call.name));
  const helpers = step.calls.flatMap((call) => (isLocalCall(module, call) ? (module.byName.get(call.name) ?? []) : []));
  return [step, ...helpers].some(starts);
}

/** True where every other message has the same functions run: whichever comes first brings the server to where it has to be. */
function isDoneByAll({ clauses }: ModuleFacts, step: ClauseOfModule): boolean {
  const runs = ({ calls }: ClauseOfModule, name: string): boolean =>
    calls.some((call) => call.module === null && call.name === name);
  const work = step.calls.filter((call) => call.module === null && !call.target).map(({ name }) => name);
  const others = clauses.filter(
    (clause) => clause !== step && clause.callback && MESSAGES.test(clause.name) && !isLeftAlone(clause),
  );
  return work.length > 0 && others.every((clause) => work.every((name) => runs(clause, name)));
}

/** `handle_info(message, state)` that does nothing, or leaves it to what `use` brings in. */
function isLeftAlone({ name, callback }: ClauseOfModule): boolean {
  const ways = callback?.returns ?? [];
  return (
    name !== "handle_call" && (callback?.unchanged || ways.every((way) => way.kind === "call" && way.name === "super"))
  );
}

/** What `send(self(), message)` and `GenServer.cast(self(), message)` send. */
function leftToSelf(call: CallFact): Shape | null {
  const { module, name, args } = call;
  if (module !== "GenServer" || name !== "cast") return sentToSelf(call);
  return isSelfShape(args[0]) ? (args[1] ?? null) : null;
}

function nameOf(message: Shape | null | undefined): string | null {
  const tag = message?.kind === "tuple" ? message.items[0] : message;
  return tag?.kind === "atom" ? tag.value : null;
}

interface Use {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

/** The calls of the module that are given the message. */
function usesOf(message: Shape, module: ModuleFacts): Use[] {
  return module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call) =>
      call.args.some((arg) => !isOpen(arg) && canMatch(message, arg)) ? [{ clause, call }] : [],
    ),
  );
}

/** A timer sets it, a client sends it, the handler itself does. A callback that has the server begin anew sends no tick. */
function isTick({ clause, call }: Use, handler: ClauseOfModule): boolean {
  return clause === handler || !clause.callback || leftToSelf(call) === null;
}
