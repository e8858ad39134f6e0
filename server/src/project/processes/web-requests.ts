import { isCaught } from "../../facts/branch.ts";
import type { Anchor, CallFact, ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { clausesCalling, namesCalled } from "../calls/calling.ts";
import type { Facts } from "../project.ts";
import { namesOf } from "./children.ts";
import { reckonsWithout, tableRead, tablesOfInit } from "./named-tables.ts";
import { behavesAs, waitsFor } from "./servers.ts";
import type { Child } from "./supervision.ts";

/** How many functions may stand between a request and the child. */
const DEPTH = 2;

/** A place from which a request gets to the child's process, or to a named table that it makes; null when none is found. */
export function requestTo(child: Child, facts: Facts): Anchor | null {
  const tables = new Set(facts.named(child.module).flatMap((module) => tablesOfInit(module, facts)));
  return requestBy(PROCESSES, namesOf(child, facts), facts) ?? requestBy(TABLES, tables, facts);
}

/** A place where something is asked for by its name, in a clause. */
interface Address {
  readonly name: string;
  readonly at: Ordinal;
}

/** A kind of thing that is addressed by name. */
interface Kind {
  readonly addressed: (module: ModuleFacts, clause: ClauseOfModule) => readonly Address[];
  /** The names of such that a module addresses; the key of an index: see `Facts.having`. */
  readonly namesIn: (module: ModuleFacts) => readonly string[];
  /** True where a call that comes to it reckons with its absence. */
  readonly mayFail: (module: ModuleFacts, clause: ClauseOfModule, call: CallFact) => boolean;
}

const PROCESSES: Kind = {
  addressed,
  namesIn: (module) => module.clauses.flatMap((clause) => addressed(module, clause).map(({ name }) => name)),
  mayFail: (_module, clause, call) => isCaught(clause, call),
};

const TABLES: Kind = {
  addressed: tablesRead,
  namesIn: (module) => clausesCalling(module, ":ets").flatMap((c) => tablesRead(module, c).map(({ name }) => name)),
  mayFail: reckonsWithout,
};

function requestBy(kind: Kind, names: ReadonlySet<string>, facts: Facts): Anchor | null {
  let functions = new Map<string, Anchor>();
  const speaking = new Set([...names].flatMap((name) => facts.having(kind.namesIn, name)));
  for (const module of inOrder(speaking)) {
    for (const clause of module.clauses) {
      const address = kind.addressed(module, clause).find(({ name }) => names.has(name));
      if (!address) continue;
      const at = { path: module.path, form: clause.form, at: address.at };
      if (isWeb(module)) return at;
      functions.set(`${module.name}.${clause.name}`, at);
    }
  }
  for (let depth = 0; depth < DEPTH && functions.size > 0; depth++) {
    const callers = new Map<string, Anchor>();
    const owners = new Set([...functions.keys()].map((key) => key.slice(0, key.lastIndexOf("."))));
    const calling = new Set(
      [...owners].flatMap((owner) => [...facts.having(namesCalled, owner), ...facts.named(owner)]),
    );
    for (const module of inOrder(calling)) {
      for (const clause of module.clauses) {
        // What a process of the tree does by itself is no request.
        if (clause.callback) continue;
        const call = clause.calls.find((c) => functions.has(`${c.module ?? module.name}.${c.name}`));
        if (!call || kind.mayFail(module, clause, call)) continue;
        const at = { path: module.path, form: clause.form, at: call.at };
        if (isWeb(module)) return at;
        callers.set(`${module.name}.${clause.name}`, at);
      }
    }
    functions = callers;
  }
  return null;
}

function inOrder(modules: Iterable<ModuleFacts>): ModuleFacts[] {
  return [...modules].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.head - b.head));
}

/** The names that a clause waits for or gives to a library, and where. What a process does by itself is left out. */
function addressed(_module: ModuleFacts, clause: ClauseOfModule): readonly Address[] {
  if (clause.callback) return [];
  const bindings = new Map(
    clause.params.flatMap((param, i) => {
      const value = clause.defaultValues[i];
      return param.kind === "variable" && value ? [[param.name, value] as const] : [];
    }),
  );
  const waited = clause.calls.flatMap((call) => {
    const name = isCaught(clause, call) ? null : (waitsFor(call, bindings) ?? enqueues(call));
    return name === null ? [] : [{ name, at: call.at }];
  });
  return [...clause.nameUses, ...waited];
}

/** `Oban.insert(job)` goes to the Oban that has no name of its own. */
function enqueues({ module, name, args }: CallFact): string | null {
  return module === "Oban" && /^insert/.test(name) && args[0]?.kind !== "module" ? module : null;
}

/** The named tables that a clause reads, and where; those left out of which it is known there that they may be missing. */
function tablesRead(module: ModuleFacts, clause: ClauseOfModule): readonly Address[] {
  if (clause.callback) return [];
  return clause.calls.flatMap((call) => {
    const name = tableRead(call, NO_BINDINGS);
    return name === null || reckonsWithout(module, clause, call) ? [] : [{ name, at: call.at }];
  });
}

const NO_BINDINGS: ReadonlyMap<string, Shape> = new Map();

const WEB = [
  "Phoenix.Controller",
  "Phoenix.LiveView",
  "Phoenix.LiveComponent",
  "Phoenix.Channel",
  "Plug.Router",
  "Plug",
];

/** By the namespace or folder that generators give it, or by what it uses. */
function isWeb(module: ModuleFacts): boolean {
  if (/(?:^|\/)test\//.test(module.path)) return false;
  return /^\w+Web\./.test(module.name) || /_web\//.test(module.path) || behavesAs(module, ...WEB);
}
