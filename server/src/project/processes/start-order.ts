import { isCaught } from "../../facts/branch.ts";
import type { Anchor, CallFact, ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import { namesCalled } from "../calls/calling.ts";
import { listOf } from "../conclusions.ts";
import { repos } from "../database/repos.ts";
import type { Lookup } from "../lookup.ts";
import type { Facts, Slice } from "../project.ts";
import { namesOf } from "./children.ts";
import { waitsFor } from "./servers.ts";
import type { Need } from "./start-needs.ts";
import { answersWithin, needsWithin } from "./started-within.ts";
import { type Child, exclude, type Supervisor, supervisors } from "./supervision.ts";

/** A child that asks another for something while it starts, which its supervisor starts only later. */
export interface EarlyChild {
  readonly child: Child;
  readonly needed: Child;
  readonly need: Need;
  /** The children of its own supervisors, down to the one that asks; empty where it asks itself. */
  readonly way: readonly Child[];
}

/** An endpoint that is started before what its requests need; `used` is where a request comes to it. */
export interface EarlyEndpoint {
  readonly endpoint: Child;
  readonly needed: readonly { readonly child: Child; readonly used: Anchor | null }[];
}

const slices: readonly Slice[] = ["functions", "uses"];
const subjects = (facts: Facts): readonly Supervisor[] => facts.read(supervisors);

/** Children that stand before those that they ask for something. */
export const earlyChildren = listOf({ name: "early children", slices, subjects, conclude: childrenOf });

/** Endpoints that stand before what serves their requests. */
export const earlyEndpoints = listOf({ name: "early endpoints", slices, subjects, conclude: endpointsOf });

function childrenOf(facts: Lookup, supervisor: Supervisor): EarlyChild[] {
  const { children } = supervisor;
  // A child that stands in two ways of a choice is one in the source.
  const seen = new Set<string>();
  return children.flatMap((child, i) =>
    child.forTests
      ? []
      : needsWithin(supervisor, child, facts).flatMap(({ need, way }): EarlyChild[] => {
          if (need.kind === "monitor" || need.kind === "table-write") return [];
          const serves = (other: Child): boolean => answersWithin(other, need.target, facts);
          const needed = children.slice(i + 1).find((other) => serves(other) && !exclude(child, other));
          if (!needed || children.slice(0, i + 1).some(serves)) return [];
          const key = `${JSON.stringify(child.at)} ${need.target}`;
          if (seen.has(key)) return [];
          seen.add(key);
          return [{ child, needed, need, way }];
        }),
  );
}

function endpointsOf(facts: Facts, { children }: Supervisor): EarlyEndpoint[] {
  const isRepo = facts.read(repos);
  const hasPubSub = facts
    .read(supervisors)
    .some((tree) => tree.children.some(({ module }) => module === "Phoenix.PubSub"));
  const seen = new Set<string>();
  return children.flatMap((endpoint, i): EarlyEndpoint[] => {
    if (endpoint.forTests || !facts.named(endpoint.module).some((module) => uses(module, "Phoenix.Endpoint")))
      return [];
    const place = JSON.stringify(endpoint.at);
    if (seen.has(place)) return [];
    const later = children.slice(i + 1).filter((child) => !exclude(endpoint, child) && !before(children, i, child));
    const needed = later.flatMap((child): EarlyEndpoint["needed"] => {
      if (isRepo(child.module)) return [{ child, used: null }];
      const own = facts.named(child.module);
      // Without a child of its own, the endpoint starts the PubSub that the presence needs to start.
      if (own.some((module) => uses(module, "Phoenix.Presence"))) return hasPubSub ? [{ child, used: null }] : [];
      // A tree of the project may stand on what the endpoint serves.
      if (own.some(startsChildren)) return [];
      if ((child.module === "Oban" ? facts.where(isWorker) : own).some((module) => speaksOf(module, endpoint.module)))
        return [];
      const used = requestTo(child, facts);
      if (used) return [{ child, used }];
      if (child.module !== "Phoenix.PubSub" || !opensChannels(endpoint, facts)) return [];
      return [{ child, used: null }];
    });
    if (needed.length > 0) seen.add(place);
    return needed.length > 0 ? [{ endpoint, needed }] : [];
  });
}

/** True when the child is in the list above that place too, under another condition. */
function before(children: readonly Child[], i: number, child: Child): boolean {
  return children.slice(0, i).some((other) => other.module === child.module && other.name === child.name);
}

function uses(module: ModuleFacts, ...names: readonly string[]): boolean {
  return module.uses.some((use) => names.includes(use.module));
}

/** A dynamic supervisor has no children at first, unless its `init` sees to it that some are started. */
function startsChildren(module: ModuleFacts): boolean {
  if (!uses(module, "DynamicSupervisor")) return uses(module, "Supervisor");
  const starts = module.byName.get("init") ?? [];
  return starts.some(({ calls }) => calls.some((call) => !/^(?:DynamicSupervisor|Logger)$/.test(call.module ?? "")));
}

function isSocket(module: ModuleFacts): boolean {
  return uses(module, "Phoenix.Socket");
}

/** Who joins a channel of a socket in the endpoint's application subscribes by the endpoint's PubSub. */
function opensChannels({ at }: Child, facts: Facts): boolean {
  const sockets = facts.where(isSocket).filter((module) => applicationOf(module) === applicationOf(at));
  return sockets.some(({ mentions }) =>
    mentions.some((name) => facts.named(name).some((module) => uses(module, "Phoenix.Channel"))),
  );
}

/** The folder of the application that a file belongs to, in an umbrella. */
function applicationOf({ path }: { readonly path: string }): string {
  return path.slice(0, path.lastIndexOf("/lib/") + 1);
}

function isWorker(module: ModuleFacts): boolean {
  return uses(module, "Oban.Worker");
}

/** What needs the endpoint comes after it. */
function speaksOf(module: ModuleFacts, endpoint: string): boolean {
  return (
    module.mentions.includes(endpoint) ||
    module.clauses.some((clause) => clause.calls.some((call) => call.module === endpoint))
  );
}

/** How many functions may stand between a request and the child. */
const DEPTH = 2;

/** A place from which a request gets to the child's process; null when none is found. */
function requestTo(child: Child, facts: Facts): Anchor | null {
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

/** By the namespace or folder that generators give it, or by what it uses. */
function isWeb(module: ModuleFacts): boolean {
  if (/(?:^|\/)test\//.test(module.path)) return false;
  return (
    /^\w+Web\./.test(module.name) ||
    /_web\//.test(module.path) ||
    uses(module, "Phoenix.Controller", "Phoenix.LiveView", "Phoenix.LiveComponent", "Phoenix.Channel", "Plug.Router") ||
    module.behaviours.includes("Plug")
  );
}
