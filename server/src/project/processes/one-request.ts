import type { ClauseOfModule, ModuleFacts, Ordinal, StartedProcess } from "../../facts/facts.ts";
import { isAtomShape } from "../../facts/shape.ts";
import { isTest } from "../calls/call-graph.ts";
import { namesCalled } from "../calls/calling.ts";
import { clausesOf, isLocalCall } from "../calls/clauses.ts";
import { byModule } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import { packages } from "../packages.ts";
import { childStarts } from "./child-starts.ts";
import { behavesAs, startNames } from "./servers.ts";

/** A function that starts a server, asks it and stops it again. */
export interface RequestRun {
  readonly module: ModuleFacts;
  readonly clause: ClauseOfModule;
  readonly start: Ordinal;
  /** What it asks, as it calls it: `get/3`. */
  readonly asks: string;
}

const NONE: readonly RequestRun[] = [];
/** What belongs to a process alone, or is there for longer than a request. */
const OWNS = /^(?:Port|:gen_tcp|:gen_udp|:ssl|:socket|Registry|:ets|:pg|Phoenix\.PubSub)$/;
const FLAGS = /^(?:Process\.(?:flag|register)|:erlang\.(?:process_flag|open_port|register))$/;

/**
 * By module of a GenServer, those that start it, where each asks it once and stops it in the same run: the process lives for
 * one request. Nothing where one is known to start it in any other way, where it has a name, or owns what needs a process.
 */
export const requestRuns = byModule({
  name: "request runs",
  slices: ["functions", "uses", "packages"],
  isAbout: isPlainServer,
  nothing: NONE,
  conclude: runsOf,
  same: (a, b) =>
    a.length === b.length && a.every((one, i) => one.clause === b[i]?.clause && one.start === b[i]?.start),
});

/** A server that begins with nothing, so that a request is whole by itself, and owns nothing. */
function isPlainServer(module: ModuleFacts): boolean {
  if (module.fileClass !== "code" || !behavesAs(module, "GenServer") || module.keyword !== "defmodule") return false;
  if (module.uses.some((use) => use.module !== "GenServer") || module.behaviours.some((one) => one !== "GenServer"))
    return false;
  if (startNames(module).length > 0 || module.byName.has("handle_cast") || !module.byName.has("handle_call"))
    return false;
  if (!(module.byName.get("init") ?? []).every(({ calls }) => calls.length === 0)) return false;
  return !module.clauses.some(({ calls }) =>
    calls.some(({ module: of, name }) => OWNS.test(of ?? "") || FLAGS.test(`${of}.${name}`)),
  );
}

function runsOf(facts: Lookup, server: ModuleFacts): readonly RequestRun[] {
  if (facts.named(server.name).length > 1 || facts.about(childStarts, server).length > 0) return NONE;
  const documented = server.attributes.get("moduledoc");
  // Users of a package start what its documentation tells of.
  if (!isAtomShape(documented, "false") && facts.ask(() => facts.read(packages)).mix?.published) return NONE;
  const callers = facts.having(namesCalled, server.name).filter((module) => !isTest(module));
  const out: RequestRun[] = [];
  for (const module of [server, ...callers]) {
    if (module.imports.includes(server.name)) return NONE;
    for (const clause of module.clauses) {
      const runs = runsIn(server, module, clause);
      if (!runs) return NONE;
      out.push(...runs);
    }
  }
  return out;
}

/** The runs of one clause; null where it does anything else with the server. */
function runsIn(server: ModuleFacts, module: ModuleFacts, clause: ClauseOfModule): readonly RequestRun[] | null {
  const started = clause.started.filter((one) => (one.module ?? module.name) === server.name);
  const runs = started.flatMap((one) => runOf(server, module, clause, one) ?? []);
  if (runs.length < started.length) return null;
  const concerned = clause.calls.filter((call) => {
    const isOfServer = call.module === server.name || (module === server && isLocalCall(module, call));
    return isOfServer && kindOf(server, call.name, call.arity) !== null;
  });
  const direct = clause.calls.filter((call) => call.module === "GenServer" && /^start(?:_link)?$/.test(call.name));
  const asked = started.flatMap(({ uses }) => uses.filter((use) => use.module !== "GenServer"));
  // In its own module are the functions that ask it, by the pid that they are given.
  if (module === server && started.length === 0) return NONE;
  return concerned.length === started.length - direct.length + asked.length ? runs : null;
}

function runOf(
  server: ModuleFacts,
  module: ModuleFacts,
  clause: ClauseOfModule,
  { at, uses, leaves }: StartedProcess,
): RequestRun | null {
  if (leaves || uses.some(({ known }) => !known)) return null;
  const kinds = uses.map((use) => {
    if (use.module === "GenServer") return use.name === "call" ? "asks" : use.name === "stop" ? "stops" : null;
    return (use.module ?? module.name) === server.name ? kindOf(server, use.name, use.arity) : null;
  });
  const [asked, ...more] = uses.filter((_, i) => kinds[i] === "asks");
  if (!asked || more.length > 0 || !kinds.includes("stops") || kinds.some((kind) => kind === null)) return null;
  return kinds.includes("starts") ? null : { module, clause, start: at, asks: `${asked.name}/${asked.arity}` };
}

/** What a function of the server's module does with the process; null where it does nothing with it, or more than one thing. */
function kindOf(server: ModuleFacts, name: string, arity: number): "starts" | "asks" | "stops" | "other" | null {
  const calls = clausesOf(server, name, arity).flatMap((clause) => clause.calls);
  const kinds = new Set(
    calls.flatMap((call) => {
      if (call.module !== "GenServer") return [];
      if (/^start(?:_link)?$/.test(call.name)) return ["starts"] as const;
      return call.name === "call"
        ? (["asks"] as const)
        : call.name === "stop"
          ? (["stops"] as const)
          : (["other"] as const);
    }),
  );
  const [kind, another] = kinds;
  return another ? "other" : (kind ?? null);
}
