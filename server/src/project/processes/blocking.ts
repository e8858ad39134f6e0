import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { entry, isAtomShape, milliseconds, type Shape } from "../../facts/shape.ts";
import { isLocalCall } from "../calls/clauses.ts";
import { type Effect, VERBS } from "../effects/effect.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import { timeoutOf } from "../effects/libraries.ts";
import { type Hop, lastHop, reaches, type Witness } from "../effects/witness.ts";
import { startUpClauses } from "./second-step.ts";
import { behavesAs } from "./servers.ts";

/** A call in a callback for which the process waits, and the way to what it waits for. */
export interface Wait {
  readonly call: CallFact;
  readonly witness: Witness;
}

/** What keeps a process from its next message for longer than a message may take. */
export const SLOW: readonly Effect[] = ["http", "os-command", "sleep", "mail", "process-call", "folder"];

/** The same, and the database, which may not be there yet when an application starts. */
export const SLOW_AT_START: readonly Effect[] = [...SLOW, "db-read", "db-write"];

/** Farther away, too much decides whether the call is made at all. */
const MAX_HOPS = 5;

/** When a clause runs: when a process or the application starts, no cache holds anything; at all other times one does the work. */
export type Moment = "start" | "boot" | "later";

/** The calls of the clause that wait for one of the effects: each call once, for what is nearest to it. */
export function waitsIn(
  clause: ClauseOfModule,
  known: ModuleEffects,
  slow: readonly Effect[],
  moment: Moment = "later",
): Wait[] {
  const out: Wait[] = [];
  for (const call of clause.calls) {
    if (call.template || !known.runs(call, clause)) continue;
    let nearest: Witness | null = null;
    for (const effect of slow) {
      const witness = known.of(call, effect);
      if (!witness || witness.hops.length > MAX_HOPS || !isLong(witness, clause, moment)) continue;
      // A row that a cache may have is soon there, also when it is cold.
      if (moment === "later" || isOfStore(witness) ? isAvoided(witness) : canDoWithout(witness)) continue;
      if (!nearest || witness.hops.length < nearest.hops.length) nearest = witness;
    }
    if (nearest) out.push({ call, witness: nearest });
  }
  return out;
}

/** The calls of the clause that start children one after the other: a supervisor answers when the child's `init` is done. */
export function startsInTurn(clause: ClauseOfModule, known: ModuleEffects): Wait[] {
  return clause.calls.flatMap((call): Wait[] => {
    const witness = known.runs(call, clause) ? known.of(call, "spawn") : null;
    if (!witness || witness.hops.length > MAX_HOPS || !startsChild(lastHop(witness).call)) return [];
    const first = { call, clause };
    return [first, ...witness.hops.slice(1)].some(isRepeated) ? [{ call, witness }] : [];
  });
}

function startsChild({ module, name }: CallFact): boolean {
  return /^(?:Dynamic)?Supervisor$/.test(module ?? "") && name === "start_child";
}

/** True in a loop that may take many turns, one after the other. */
function isRepeated(hop: Pick<Hop, "call" | "clause">): boolean {
  const loop = hop.clause.loops[hop.call.loop];
  return loop !== undefined && !loop.fixed && !runsInTasks(hop);
}

/** `Task.async_stream(ids, &get/1)`: a loop, each turn of which runs in a process of its own. */
export function runsInTasks({ clause, call }: Pick<Hop, "call" | "clause">): boolean {
  for (let loop = clause.loops[call.loop]; loop; loop = clause.loops[loop.parent])
    if (loop.kind.startsWith("Task")) return true;
  return false;
}

/** "This reaches `Req.get!/1` through `Rates.fetch/1`, which waits for the network" */
export function saying({ witness }: Wait): string {
  const { call } = lastHop(witness);
  const wait = witness.effect === "process-call" ? timeoutOf(call) : null;
  const limit = wait === "infinity" ? ", however long it takes" : wait === null ? "" : ` for up to ${wait / 1000} s`;
  return `This ${reaches(witness)}, which ${VERBS[witness.effect]}${limit}`;
}

/** `GenServer.call/3` gives up after that many milliseconds when it is not told otherwise. */
const DEFAULT_TIMEOUT = 5000;
/** A shorter pause is a matter of taste. */
const SHORT_SLEEP = 500;
/** Farther away, a sleep is one between attempts, and a time limit that of another process's affairs. */
const NEAR = 2;

/** False for what is of the kind and yet done at once. Waiting for tasks is for `otp/await-in-callback`, other than at the boot. */
function isLong({ effect, hops }: Witness, callback: ClauseOfModule, moment: Moment): boolean {
  const { call, clause } = lastHop({ effect, hops });
  const near = hops.length <= NEAR;
  switch (effect) {
    case "process-call": {
      // Behind the connection's process is a server that may not be there yet.
      if (moment !== "later" && isOfStore({ effect, hops })) return true;
      const ofTask = call.module === "Task";
      const wait = ofTask && moment !== "boot" ? null : timeoutOf(call);
      // Without a limit, many a call is made of a process that answers at once.
      if (wait === "infinity") return hops.length === 1 || (near && isReply(hops[0].call, callback));
      return (near || ofTask) && wait !== null && wait > DEFAULT_TIMEOUT;
    }
    case "sleep": {
      const [time] = call.args;
      if (!near || clause.calls.some(endsSystem)) return false;
      return (milliseconds(time) ?? SHORT_SLEEP) >= SHORT_SLEEP;
    }
    // One folder is soon deleted.
    case "folder":
      return call.name.startsWith("cp") || hops.some(isRepeated);
    // Who opens a port does not wait for the program in it.
    case "os-command":
      return call.module !== "Port";
    case "http":
      return !isLocalSocket(call.args[0]) && !clause.calls.some(({ args }) => args.some(namesSocket));
    default:
      return true;
  }
}

/** `{:local, path}`: a socket of the file system, which answers or refuses at once. */
function isLocalSocket(address: Shape | undefined): boolean {
  return address?.kind === "tuple" && isAtomShape(address.items[0], "local");
}

/** `Req.get!("/status", unix_socket: path)`, `Finch.build(:get, url, [], nil, unix_socket: path)` */
function namesSocket(options: Shape): boolean {
  return entry(options, "unix_socket") !== null;
}

/** True when what the call gives is what the callback answers with. */
function isReply(call: CallFact, callback: ClauseOfModule): boolean {
  const ways = callback.callback?.returns ?? [];
  return ways.some((way) => {
    const reply = way.kind === "tuple" ? way.items[1] : undefined;
    return reply?.kind === "call" && reply.module === call.module && reply.name === call.name;
  });
}

function endsSystem({ module, name }: CallFact): boolean {
  return (module === "System" && /^(?:halt|stop)$/.test(name)) || (module === ":init" && name === "stop");
}

/** Functions that keep what they got: `get_or_store`, `cached_settings`, `memoize`. */
const REMEMBERS = /cache|memo(?:iz|is)e|_or_(?:store|put|insert|compute)/;
/** Functions that get it, to keep it: `fetch_and_cache_rates`, `warm_cache`, `refresh_price_cache`. */
const FILLS =
  /_and_(?:cache|store)|^(?:pre)?(?:warm|populate|fill|prime)_|^(?:refresh|rebuild|reload|update)_(?:\w+_)?cache/;
const ASYNC = /(?:^|_)async(?:_|$)/;

/** True where the way leads through a cache, or through a function that can do without, or do it elsewhere as well. */
export function isAvoided(witness: Witness): boolean {
  return witness.hops.some(({ call }) => REMEMBERS.test(call.name) && !FILLS.test(call.name)) || canDoWithout(witness);
}

/** True for the effects of queries. */
export function isOfDatabase(effect: Effect): boolean {
  return effect === "db-read" || effect === "db-write";
}

/** Clients of Redis: each command waits for the server behind the connection. */
const REDIS = /^(?:Redix|:eredis|:eredis_cluster)$/;

/** True for what waits for a store of data: for a database, or for Redis. */
export function isOfStore(witness: Witness): boolean {
  return isOfDatabase(witness.effect) || REDIS.test(lastHop(witness).call.module ?? "");
}

function canDoWithout({ hops }: Witness): boolean {
  return hops.slice(1).some((hop) => isAsync(hop) || takesId(hop));
}

function isAsync({ clause, call }: Hop): boolean {
  return clause.calls.some((other) => other !== call && ASYNC.test(other.name));
}

/**
 * A clause that loads the struct for an id and calls its function again with it: whoever has the struct loads nothing. Read
 * off the clause alone: the other clauses may change without a change of the way.
 */
function takesId({ module, clause, call }: Hop): boolean {
  const isLoaded = (arg: Shape): boolean => arg.kind === "call" && arg.module === call.module && arg.name === call.name;
  return clause.calls.some(
    (again) =>
      isLocalCall(module, again) &&
      again.name === clause.name &&
      again.arity === clause.arity &&
      again.args.some(isLoaded),
  );
}

const LIVE = new Set([
  "mount/3",
  "update/2",
  "handle_params/3",
  "handle_event/3",
  "handle_info/2",
  "handle_async/3",
  "handle_call/3",
  "handle_cast/2",
]);
/** The callbacks of a page of Phoenix.LiveDashboard: they run in the process of the dashboard's LiveView. */
const DASHBOARD = new Set(["mount/3", "handle_params/3", "handle_event/3", "handle_info/2", "handle_refresh/1"]);
const CHANNEL = new Set(["handle_in/3", "handle_info/2"]);
const REQUESTS = new Set(["handle_call/3"]);
const MESSAGES = new Set(["handle_call/3", "handle_cast/2", "handle_info/2"]);

/**
 * The clauses of a GenServer during which somebody waits: those that answer, and all others where the module has
 * functions that ask it. A server that nobody asks works through what it gets in its own time, and a worker of a pool
 * has one caller only: they have none. What only `init` sends is the rest of the start, without which nobody is answered.
 */
export function servingClauses(module: ModuleFacts): readonly ClauseOfModule[] {
  if (!behavesAs(module, "GenServer") || module.behaviours.includes(":poolboy_worker")) return [];
  const calls = module.clauses.flatMap((clause) => clause.calls);
  if (calls.some((call) => call.module === ":poolboy" || call.module === "NimblePool")) return [];
  const isAsked = module.byName.has("handle_call") && calls.some(isRequest);
  const serving = clausesNamed(module, isAsked ? MESSAGES : REQUESTS);
  if (!isAsked) return serving;
  const starting = startUpClauses(module);
  return starting.length > 0 ? serving.filter((clause) => !starting.includes(clause)) : serving;
}

/** The clauses of a GenServer that answers nobody: while one of them runs, what its clients cast to it piles up. */
export function workingClauses(module: ModuleFacts): readonly ClauseOfModule[] {
  const isFed =
    behavesAs(module, "GenServer") &&
    module.byName.has("handle_cast") &&
    !module.byName.has("handle_call") &&
    module.clauses.some(({ calls }) => calls.some(({ module: to, name }) => to === "GenServer" && name === "cast"));
  return isFed ? clausesNamed(module, MESSAGES) : [];
}

function isRequest({ module, name }: CallFact): boolean {
  return module === "GenServer" && name === "call";
}

/**
 * Where the wait is told of: in a function of the module to which a clause leaves all that it does,
 * `{:noreply, sweep(state)}`, and otherwise where the clause calls what waits.
 */
export function placeOf(
  wait: Wait,
  clause: ClauseOfModule,
  module: ModuleFacts,
): Wait & { readonly clause: ClauseOfModule } {
  const [, next] = wait.witness.hops;
  if (!next || next.module !== module || !leavesTo(clause, wait.call)) return { ...wait, clause };
  const { effect, hops } = wait.witness;
  return { call: next.call, witness: { effect, hops: [next, ...hops.slice(2)] }, clause: next.clause };
}

/** `{:noreply, sweep(state)}`, on every way out. */
function leavesTo({ name, callback }: ClauseOfModule, { module, name: called }: CallFact): boolean {
  const ways = callback?.returns ?? [];
  return (
    /^handle_(?:cast|info)$/.test(name) &&
    ways.length > 0 &&
    ways.every((way) => {
      const state = way.kind === "tuple" && way.items.length === 2 ? way.items[1] : undefined;
      return state?.kind === "call" && state.module === module && state.name === called;
    })
  );
}

/** The callbacks of a page of the dashboard, which knows nothing of `start_async`. */
export function dashboardClauses(module: ModuleFacts): readonly ClauseOfModule[] {
  return behavesAs(module, "Phoenix.LiveDashboard.PageBuilder") ? clausesNamed(module, DASHBOARD) : [];
}

/** The callbacks of a LiveView or LiveComponent. */
export function liveClauses(module: ModuleFacts): readonly ClauseOfModule[] {
  return behavesAs(module, "Phoenix.LiveView", "Phoenix.LiveComponent") ? clausesNamed(module, LIVE) : [];
}

/** The callbacks by which a channel handles what its client and the server send. */
export function channelClauses(module: ModuleFacts): readonly ClauseOfModule[] {
  return behavesAs(module, "Phoenix.Channel") ? clausesNamed(module, CHANNEL) : [];
}

function clausesNamed(module: ModuleFacts, names: ReadonlySet<string>): ClauseOfModule[] {
  return module.clauses.filter(({ keyword, name, arity }) => keyword === "def" && names.has(`${name}/${arity}`));
}
