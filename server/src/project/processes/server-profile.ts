import type { CallFact, ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import { PURE_MODULES } from "../../facts/pure.ts";
import { canMatch, entry, isOpen, nameOf, type Shape } from "../../facts/shape.ts";
import { clausesOf, isLocalCall } from "../calls/clauses.ts";
import type { ByModule, View } from "../project.ts";
import { behavesAs, multiplicity } from "./servers.ts";

/** An ETS table that a server makes. */
export interface OwnedTable {
  /** The name by which every process can address it; null for a table known by its reference only. */
  readonly name: string | null;
  readonly named: boolean;
  /** Null where the options are not written out. */
  readonly access: "public" | "protected" | "private" | null;
  readonly clause: ClauseOfModule;
  readonly at: Ordinal;
}

/** What the callbacks of a GenServer do together. */
export interface ServerProfile {
  readonly module: ModuleFacts;
  /** `handle_call` and `handle_cast`. */
  readonly requests: readonly ClauseOfModule[];
  readonly infos: readonly ClauseOfModule[];
  /** All callbacks that handle something, those included. */
  readonly handlers: readonly ClauseOfModule[];
  readonly tables: readonly OwnedTable[];
  /** What belongs to the process alone: a port, a socket, a timer, a subscription, a monitor. */
  readonly owns: boolean;
  /** It says by its name or documentation that one at a time is what it is for. */
  readonly serialises: boolean;
  /** It ends some day: it is not started again, stops itself, or is one of many. */
  readonly shortLived: boolean;
}

/** The profile of a module that is a GenServer, read off its facts; null for all others. */
export const serverProfiles: View<ByModule<ServerProfile | null>> = {
  name: "server profiles",
  slices: ["uses", "functions"],
  compute: (facts) => ({ of: (module) => facts.once(profileOf, module), isFixed: () => true }),
};

/** Words by which a module says that one thing at a time is what it is for. */
const SERIALISES =
  /(?<![bcf])lock|mutex|limit|throttl|serial(?!i[sz]er)|queue|semaphore|sequential|one at a time|concurren|pool|worker|bottleneck/i;
const OWNED =
  /^(?:Process|Port|Registry|Agent|Task(?:\.Supervisor)?|Phoenix\.PubSub|Phoenix\.Tracker|:dets|:timer|:pg|:global|:gen_tcp|:gen_udp|:ssl|:erlang)$/;
const OWNED_NAMES = /^(?:send|subscribe|monitor|spawn\w*|reply|start_link|register)$/;
const STOPS = /^(?:GenServer\.stop|Process\.exit|Kernel\.exit|:erlang\.exit)$/;

function profileOf(module: ModuleFacts): ServerProfile | null {
  if (!behavesAs(module, "GenServer")) return null;
  const callbacks = module.clauses.filter((clause) => clause.callback && clause.keyword === "def");
  const handlers = callbacks.filter((clause) => clause.name.startsWith("handle_"));
  const working = module.clauses.filter((clause) => !/^(?:start|start_link|child_spec)$/.test(clause.name));
  const calls = working.flatMap((clause) => clause.calls);
  const documentation = module.attributes.get("moduledoc");
  return {
    module,
    requests: handlers.filter(({ name }) => name === "handle_call" || name === "handle_cast"),
    infos: handlers.filter(({ name }) => name === "handle_info"),
    handlers,
    tables: working.flatMap((clause) => clause.calls.flatMap((call) => tableOf(clause, call) ?? [])),
    owns: calls.some((call) => OWNED.test(call.module ?? "") || OWNED_NAMES.test(call.name)),
    serialises:
      SERIALISES.test(module.name) || (documentation?.kind === "string" && SERIALISES.test(documentation.value)),
    shortLived:
      multiplicity(module) === "many" ||
      isTemporary(module) ||
      working.some((clause) => clause.calls.some((call) => endsIt(module, clause, call))) ||
      callbacks.some((clause) => clause.callback?.returns.some((way) => tagOf(way) === "stop")),
  };
}

/** `use GenServer, restart: :temporary`: it is not always started again. */
export function isTemporary({ useForms }: ModuleFacts): boolean {
  return useForms.some(({ options }) => {
    const restart = entry(options ?? undefined, "restart");
    return restart?.kind === "atom" && restart.value !== "permanent";
  });
}

/** True for a call that ends the server; what it does to another process by its pid does not. */
function endsIt({ name: server }: ModuleFacts, { callback, state }: ClauseOfModule, call: CallFact): boolean {
  if (!STOPS.test(`${call.module ?? "Kernel"}.${call.name}`)) return false;
  const [whom] = call.args;
  const isExit = call.name === "exit" && call.args.length === 1;
  if ((!callback && !state) || isExit || !whom) return true;
  return whom.kind === "module" ? whom.value === server : whom.kind === "call" && whom.name === "self";
}

/** The tag of a returned tuple: `reply`, `noreply`, `stop`, `ok`; null for anything else. */
export function tagOf(way: Shape): string | null {
  const tag = way.kind === "tuple" ? way.items[0] : undefined;
  return tag?.kind === "atom" ? tag.value : null;
}

function tableOf(clause: ClauseOfModule, call: CallFact): OwnedTable | null {
  if (call.module !== ":ets" || call.name !== "new") return null;
  const options = call.args[1];
  const named = flags(options);
  const access = named && (["public", "private"] as const).find((one) => named.includes(one));
  const isNamed = named?.includes("named_table") ?? false;
  return {
    name: isNamed ? nameOf(call.args[0]) : null,
    named: isNamed,
    access: named ? (access ?? "protected") : null,
    clause,
    at: call.at,
  };
}

/** The bare atoms of a list of options; null where it is computed. */
function flags(options: Shape | undefined): string[] | null {
  if (options?.kind === "keyword") return [];
  if (options?.kind !== "list") return null;
  return options.items.flatMap((item) => (item.kind === "atom" ? [item.value] : []));
}

/**
 * The calls that a clause makes itself or by functions of its module, those pure by themselves left out, such as the
 * making of a table's name; null where a function that is not known would run.
 */
export function ownCalls(module: ModuleFacts, clause: ClauseOfModule, seen = new Set([clause])): CallFact[] | null {
  const out: CallFact[] = [];
  for (const call of clause.calls) {
    if (!isLocalCall(module, call)) {
      if (call.target) return null;
      if (!PURE_MODULES.has(call.module ?? "")) out.push(call);
      continue;
    }
    const clauses = clausesOf(module, call.name, call.arity);
    if (clauses.length === 0) return null;
    for (const next of clauses) {
      if (seen.has(next)) continue;
      seen.add(next);
      const more = ownCalls(module, next, seen);
      if (!more) return null;
      out.push(...more);
    }
  }
  return out;
}

/** True when the callback answers at once, on every way, and leaves the state as it is. */
export function onlyAnswers(clause: ClauseOfModule): boolean {
  const { callback } = clause;
  if (clause.name !== "handle_call" || !callback?.unchanged) return false;
  return callback.returns.every((way) => tagOf(way) === "reply" && way.kind === "tuple" && way.items.length === 3);
}

/** What a request is called: `:fetch` of `{:fetch, key}`; null where it may be any. */
export function requestName(clause: ClauseOfModule): string | null {
  const [message] = clause.params;
  const tag = message?.kind === "tuple" ? message.items[0] : message;
  return tag?.kind === "atom" ? tag.value : null;
}

/** A function of a server's module that asks the server, and where. */
export interface Client {
  readonly client: ClauseOfModule;
  readonly call: CallFact;
}

/** The functions of the module that ask for what the `handle_call` clause answers; those that send on any message are none. */
export function clientsOf(module: ModuleFacts, { params: [pattern] }: ClauseOfModule): readonly Client[] {
  return module.clauses.flatMap((client) =>
    client.calls.flatMap((call) => {
      const message = call.module === "GenServer" && call.name === "call" ? call.args[1] : undefined;
      return message && !isOpen(message) && pattern && canMatch(pattern, message) ? [{ client, call }] : [];
    }),
  );
}

/** The fields are the same, or one is a part of the other; the whole state is the whole of every field. */
export function overlap(a: string, b: string): boolean {
  return a === b || a === "" || b === "" || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
}

/** True where something may be taken out of the field, `*` being any of them. */
export function mayShrink(shrinks: readonly string[], field: string): boolean {
  return shrinks.some((shrunk) => shrunk === "*" || overlap(shrunk, field));
}

/** True when every way out of a `handle_call` replies with that atom. */
export function onlyReplies({ name, callback }: ClauseOfModule, atom: string): boolean {
  if (name !== "handle_call" || !callback) return false;
  return callback.returns.every((way) => {
    const reply = way.kind === "tuple" && tagOf(way) === "reply" && way.items.length === 3 ? way.items[1] : undefined;
    return reply?.kind === "atom" && reply.value === atom;
  });
}
