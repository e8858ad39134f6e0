import type { Anchor, CallFact, ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import { type Bindings, clausesIn, substitute } from "./clauses.ts";
import { effects } from "./effects/effects.ts";
import type { Facts, View } from "./project.ts";
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
    const next = cyclesIn(waitsOf(facts));
    return previous && JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
  },
};

function isServer(module: ModuleFacts): boolean {
  return behavesAs(module, "GenServer", "GenStage");
}

/** How many functions may stand between a callback and the call that waits. */
const DEPTH = 3;
const HANDLE = /^handle_(?:call|cast|info|continue)$/;

/** By server, the first way to each server that it waits for. */
function waitsOf(facts: Facts): ReadonlyMap<string, readonly Wait[]> {
  const known = facts.read(effects);
  const servers = facts
    .modules()
    .filter((module) => facts.once(isServer, module) && facts.named(module.name).length === 1);
  const byName = new Map<string, string>();
  for (const server of servers) for (const name of facts.once(registeredNames, server)) byName.set(name, server.name);
  // Most functions wait for nobody: there is nothing to follow.
  const waits = (module: ModuleFacts, clause: ClauseOfModule): boolean =>
    known.of(module).ofClause(clause, "process-call") !== null;
  const out = new Map<string, readonly Wait[]>();
  for (const server of servers) {
    const found = new Map<string, Wait>();
    for (const clause of server.clauses) {
      if (!clause.callback || !HANDLE.test(clause.name) || !waits(server, clause)) continue;
      const follow = (
        module: ModuleFacts,
        from: ClauseOfModule,
        bindings: Bindings,
        way: Wait["way"],
        seen: Set<ClauseOfModule>,
      ): void => {
        for (const call of from.calls) {
          if (call.runs !== "inline" || call.captured || inTask(from, call)) continue;
          const step = {
            at: { path: module.path, form: from.form, at: call.at },
            call: `${call.module ?? module.name}.${call.name}`,
          };
          const name = waitsFor(call, bindings);
          const to = name === null ? undefined : byName.get(name);
          if (to !== undefined && to !== server.name && !found.has(to))
            found.set(to, { from: server.name, to, callback: `${clause.name}/${clause.arity}`, way: [...way, step] });
          if (name !== null || way.length >= DEPTH || !known.of(module).of(call, "process-call")) continue;
          const args = call.args.map((arg) => substitute(arg, bindings));
          for (const owner of call.module === null ? [module] : facts.named(call.module)) {
            for (const next of clausesIn(owner, call.name, call.arity, args)) {
              if (!/^defp?$/.test(next.clause.keyword) || next.clause.callback || seen.has(next.clause)) continue;
              if (!waits(owner, next.clause)) continue;
              seen.add(next.clause);
              follow(owner, next.clause, next.bindings, [...way, step], seen);
            }
          }
        }
      };
      follow(server, clause, new Map(), [], new Set([clause]));
    }
    if (found.size > 0) out.set(server.name, [...found.values()]);
  }
  return out;
}

/** Each turn of such a loop runs in a process of its own. */
function inTask(clause: ClauseOfModule, call: CallFact): boolean {
  for (let loop = clause.loops[call.loop]; loop; loop = clause.loops[loop.parent])
    if (loop.kind.startsWith("Task")) return true;
  return false;
}

/** For each wait the shortest way back; what goes through the same servers is one cycle. */
function cyclesIn(waits: ReadonlyMap<string, readonly Wait[]>): Wait[][] {
  const found = new Map<string, Wait[]>();
  for (const first of [...waits.values()].flat()) {
    let frontier: Wait[][] = [[first]];
    const seen = new Set([first.to]);
    let cycle: Wait[] | undefined;
    while (!cycle && frontier.length > 0) {
      cycle = frontier.find((way) => way.at(-1)?.to === first.from);
      frontier = frontier.flatMap((way) =>
        (waits.get(way.at(-1)?.to ?? "") ?? []).flatMap((wait) => {
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
