import { isCaught } from "../../facts/branch.ts";
import type { Anchor, CallFact, ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import { namesCalled } from "../calls/calling.ts";
import type { Facts } from "../project.ts";
import { namesOf } from "./children.ts";
import { behavesAs, waitsFor } from "./servers.ts";
import type { Child } from "./supervision.ts";

/** How many functions may stand between a request and the child. */
const DEPTH = 2;

/** A place from which a request gets to the child's process; null when none is found. */
export function requestTo(child: Child, facts: Facts): Anchor | null {
  const names = namesOf(child, facts);
  let functions = new Map<string, Anchor>();
  const speaking = new Set([...names].flatMap((name) => facts.having(namesAddressed, name)));
  for (const module of inOrder(speaking)) {
    for (const clause of module.clauses) {
      const at = addressedIn(clause, names);
      if (at === null) continue;
      if (isWeb(module)) return { path: module.path, form: clause.form, at };
      functions.set(`${module.name}.${clause.name}`, { path: module.path, form: clause.form, at });
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
        if (!call || isCaught(clause, call)) continue;
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

/** Where a clause waits for one of the names, or gives it to a library. */
function addressedIn(clause: ClauseOfModule, names: ReadonlySet<string>): number | null {
  return addressed(clause).find(({ name }) => names.has(name))?.at ?? null;
}

/** The names that a clause waits for or gives to a library, and where. What a process does by itself is left out. */
function addressed(clause: ClauseOfModule): { readonly name: string; readonly at: Ordinal }[] {
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

function namesAddressed({ clauses }: ModuleFacts): string[] {
  return clauses.flatMap((clause) => addressed(clause).map(({ name }) => name));
}

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
