import type { Anchor, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { isTest } from "../calls/call-graph.ts";
import { mentionsOf, namesCalled } from "../calls/calling.ts";
import type { Facts, View } from "../project.ts";
import { applicationOf, type Place, placeIn } from "./application-place.ts";
import { behavesAs, registeredNames } from "./servers.ts";
import { type Supervisor, supervisors } from "./supervision.ts";

/** A name that processes are addressed by, and that nothing starts. */
export interface UnknownName {
  readonly name: string;
  /** The module whose process it is meant to be: `Task.Supervisor`, `Registry`… */
  readonly kind: string;
  readonly uses: readonly Anchor[];
  /** Where its application would start it. */
  readonly place: Place | null;
}

/** A module that registers its process under its own name, that others call, and that nothing starts. */
export interface UnstartedServer {
  readonly module: string;
  /** Where it registers the name. */
  readonly at: Anchor;
  /** Where another module calls it. */
  readonly called: { readonly at: Anchor; readonly what: string };
  readonly place: Place | null;
}

export interface Unstarted {
  readonly names: readonly UnknownName[];
  readonly servers: readonly UnstartedServer[];
}

/**
 * Names and servers that no module of the project starts. A module that has the name as a value, whatever for, may start
 * it; so may a test. Names outside the application's own namespace are other libraries' matter.
 */
export const unstarted: View<Unstarted> = {
  name: "unstarted",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const applications = facts.read(supervisors).filter((supervisor) => supervisor.application);
    const next =
      applications.length > 0
        ? { names: unknownNames(facts, applications), servers: unstartedServers(facts, applications) }
        : NONE;
    return previous && JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
  },
};

const NONE: Unstarted = { names: [], servers: [] };

function unknownNames(facts: Facts, applications: readonly Supervisor[]): UnknownName[] {
  const used = new Map<string, { kind: string; uses: Anchor[] }>();
  for (const { name, kind, at } of facts.collect(usesOfNames)) {
    const known = used.get(name);
    if (known) known.uses.push(at);
    else used.set(name, { kind, uses: [at] });
  }
  return [...used].flatMap(([name, { kind, uses }]) => {
    if (facts.named(name).length > 0 || endsOf(name).some((end) => facts.having(mentionsOf, end).length > 0)) return [];
    return applicationOf(name, applications) ? [{ name, kind, uses, place: placeFor(name, applications) }] : [];
  });
}

/** The name, and its ends: `Module.concat(fetcher, Tasks)` makes `Depot.Fetcher.Tasks` of one. */
function endsOf(name: string): readonly string[] {
  const parts = name.split(".");
  return parts.map((_, i) => parts.slice(i).join("."));
}

function usesOfNames(module: ModuleFacts): { readonly name: string; readonly kind: string; readonly at: Anchor }[] {
  if (isTest(module)) return [];
  return module.clauses.flatMap((clause) =>
    clause.nameUses.map(({ name, kind, at }) => ({ name, kind, at: { path: module.path, form: clause.form, at } })),
  );
}

const PROCESSES = ["GenServer", "GenStage", "Agent", "DynamicSupervisor", "Supervisor"];

function unstartedServers(facts: Facts, applications: readonly Supervisor[]): UnstartedServer[] {
  return facts.collect(ownRegistration).flatMap(({ module, at }): UnstartedServer[] => {
    if (facts.named(module).length > 1 || !applicationOf(module, applications)) return [];
    if (facts.having(mentionsOf, module).some((other) => other.name !== module)) return [];
    const callers = facts.having(namesCalled, module);
    const calls = callers.map((caller) => ({ caller, call: facts.once(modulesCalled, caller).get(module) }));
    const called = calls.find(({ caller }) => !isTest(caller))?.call?.first;
    if (!called || calls.some(({ call }) => call?.starts)) return [];
    return [{ module, at, called, place: placeFor(module, applications) }];
  });
}

/** Where a process registers itself under its module's name; nothing when it does not, or starts itself elsewhere. */
function ownRegistration(module: ModuleFacts): { readonly module: string; readonly at: Anchor }[] {
  if (isTest(module) || !behavesAs(module, ...PROCESSES) || !registeredNames(module).includes(module.name)) return [];
  const at = startsItself(module) ? null : registration(module);
  return at ? [{ module: module.name, at }] : [];
}

/** The other modules that a module calls: whether it starts them, and its first call of another kind. */
function modulesCalled(module: ModuleFacts): Map<string, { starts: boolean; first: UnstartedServer["called"] }> {
  const out = new Map<string, { starts: boolean; first: UnstartedServer["called"] }>();
  for (const clause of module.clauses) {
    for (const call of clause.calls) {
      if (call.module === null || call.module === module.name) continue;
      const known = out.get(call.module);
      const at = { path: module.path, form: clause.form, at: call.at };
      if (!known)
        out.set(call.module, { starts: STARTS.test(call.name), first: { at, what: `${call.module}.${call.name}` } });
      else if (STARTS.test(call.name)) known.starts = true;
    }
  }
  return out;
}

const STARTS = /^(?:start|child_spec|ensure_|open|new|init|supervis)/;

function registration(module: ModuleFacts): Anchor | null {
  for (const clause of module.byName.get("start_link") ?? []) {
    const call = clause.calls.find(({ name }) => name === "start_link");
    if (call) return { path: module.path, form: clause.form, at: clause.at };
  }
  return null;
}

/** `DynamicSupervisor.start_child(supervisor, {__MODULE__, argument})`, or a function that calls `start_link`. */
function startsItself(module: ModuleFacts): boolean {
  return module.clauses.some((clause) =>
    clause.calls.some((call) => {
      if (call.name === "start_child") return call.args.some((arg) => holds(arg, module.name));
      const own = call.module === null || call.module === module.name;
      return own && /^start(?:_link)?$/.test(call.name) && !/^start(?:_link)?$/.test(clause.name);
    }),
  );
}

function holds(shape: Shape, module: string): boolean {
  if (shape.kind === "module") return shape.value === module;
  // The values of a map are not known.
  if (shape.kind === "map" || shape.kind === "variable" || shape.kind === "call") return true;
  return (shape.kind === "tuple" || shape.kind === "list") && shape.items.some((item) => holds(item, module));
}

function placeFor(name: string, applications: readonly Supervisor[]): Place | null {
  const application = applicationOf(name, applications);
  return application && placeIn(application);
}
