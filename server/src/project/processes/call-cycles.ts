import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { type Bindings, clausesIn, substitute } from "../calls/clauses.ts";
import { listOf } from "../conclusions.ts";
import { effects, type ModuleEffects } from "../effects/effects.ts";
import type { Lookup } from "../lookup.ts";
import type { Facts, View } from "../project.ts";
import { behavesAs, registeredNames, waitsFor } from "./servers.ts";

/** A callback of a server that waits for another server: from the call in the callback to the one that waits. */
export interface Wait {
  readonly from: string;
  readonly to: string;
  readonly callback: string;
  /** The calls on the way, the last being the one that waits, each as `Module.function`. */
  readonly way: readonly { readonly at: Anchor; readonly call: string }[];
}

/** Rounds of servers, each of which waits for the next in a callback, the last for the first; each round once. */
export const callCycles: View<readonly (readonly Wait[])[]> = {
  name: "call cycles",
  slices: effects.slices,
  compute(facts, previous) {
    const cycles = cyclesIn(facts.read(waits));
    return previous && JSON.stringify(previous) === JSON.stringify(cycles) ? previous : cycles;
  },
};

/** Which server waits for which others in its callbacks. */
const waits = listOf({ name: "waits", slices: effects.slices, subjects: serversIn, conclude: waitsOf });

/** How many functions may stand between a callback and the call that waits. */
const DEPTH = 3;
const HANDLE = /^handle_(?:call|cast|info|continue)$/;

function isServer(module: ModuleFacts): boolean {
  return behavesAs(module, "GenServer", "GenStage");
}

function serversIn(facts: Facts): readonly ModuleFacts[] {
  return facts.where(isServer).filter((module) => facts.named(module.name).length === 1);
}

/** The servers that a name may be of. */
const serverNames: View<ReadonlyMap<string, string>> = {
  name: "server names",
  slices: ["uses", "functions"],
  compute(facts, previous) {
    const byName = new Map<string, string>();
    for (const server of serversIn(facts))
      for (const name of facts.once(registeredNames, server)) byName.set(name, server.name);
    return previous && JSON.stringify([...previous]) === JSON.stringify([...byName]) ? previous : byName;
  },
};

/** The first way to each server that a server waits for. */
function waitsOf(facts: Lookup, server: ModuleFacts): readonly Wait[] {
  const byName = facts.read(serverNames);
  const of = (module: ModuleFacts): ModuleEffects => facts.about(effects, module);
  const found = new Map<string, Wait>();
  const follow = (
    callback: ClauseOfModule,
    module: ModuleFacts,
    from: ClauseOfModule,
    bindings: Bindings,
    way: Wait["way"],
    seen: Set<ClauseOfModule>,
  ): void => {
    for (const call of from.calls) {
      if (call.runs !== "inline" || call.captured || inTask(from, call)) continue;
      const name = waitsFor(call, bindings);
      // Most calls wait for nobody: there is nothing to follow.
      if (name === null && (way.length >= DEPTH || !of(module).does(call, "process-call"))) continue;
      const at = { path: module.path, form: from.form, at: call.at };
      const step = { at, call: `${call.module ?? module.name}.${call.name}` };
      const to = name === null ? undefined : byName.get(name);
      if (to !== undefined && to !== server.name && !found.has(to))
        found.set(to, { from: server.name, to, callback: `${callback.name}/${callback.arity}`, way: [...way, step] });
      if (name !== null) continue;
      const args = call.args.map((arg) => substitute(arg, bindings));
      const owners = call.module === null ? [module] : facts.named(call.module);
      for (const owner of owners) {
        for (const next of clausesIn(owner, call.name, call.arity, args)) {
          if (!/^defp?$/.test(next.clause.keyword) || next.clause.callback || seen.has(next.clause)) continue;
          seen.add(next.clause);
          follow(callback, owner, next.clause, next.bindings, [...way, step], seen);
        }
      }
    }
  };
  for (const clause of server.clauses) {
    if (!clause.callback || !HANDLE.test(clause.name) || !of(server).ofClause(clause, "process-call")) continue;
    follow(clause, server, clause, new Map(), [], new Set([clause]));
  }
  return [...found.values()];
}

/** Each turn of such a loop runs in a process of its own. */
function inTask(clause: ClauseOfModule, call: CallFact): boolean {
  for (let loop = clause.loops[call.loop]; loop; loop = clause.loops[loop.parent])
    if (loop.kind.startsWith("Task")) return true;
  return false;
}

/** For each wait the shortest way back; what goes through the same servers is one cycle. */
function cyclesIn(all: readonly Wait[]): Wait[][] {
  const waitsFrom = (server: string): readonly Wait[] => all.filter(({ from }) => from === server);
  const found = new Map<string, Wait[]>();
  for (const first of all) {
    let frontier: Wait[][] = [[first]];
    const seen = new Set([first.to]);
    let cycle: Wait[] | undefined;
    while (!cycle && frontier.length > 0) {
      cycle = frontier.find((way) => way.at(-1)?.to === first.from);
      frontier = frontier.flatMap((way) =>
        waitsFrom(way.at(-1)?.to ?? "").flatMap((wait) => {
          if (seen.has(wait.to)) return [];
          seen.add(wait.to);
          return [[...way, wait]];
        }),
      );
    }
    if (!cycle) continue;
    const key = cycle
      .map((wait) => wait.from)
      .sort()
      .join();
    if (!found.has(key)) found.set(key, cycle);
  }
  return [...found.values()];
}
