import { shortName } from "../../base/module-name.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import { nameOf } from "../../facts/shape.ts";
import { listOf } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import type { Facts } from "../project.ts";
import { answersTo } from "./children.ts";
import { behavesAs } from "./servers.ts";
import { type Need, startNeeds } from "./start-needs.ts";
import { type Child, exclude, type Supervisor, supervisors } from "./supervision.ts";

/** A child that goes on with something that an earlier one gave it when it started. */
export interface Dependence {
  readonly supervisor: Supervisor;
  readonly child: Child;
  readonly on: Child;
  readonly need: Need;
  /** What is lost when the earlier one restarts alone. */
  readonly loses: "registration" | "handle" | "monitor" | "rows";
}

/** The dependences among the children of supervisors with `strategy: :one_for_one`. */
export const dependences = listOf({
  name: "dependences",
  slices: ["functions", "uses"],
  subjects: (facts) => facts.read(supervisors).filter((supervisor) => supervisor.strategy === "one_for_one"),
  conclude: dependencesIn,
});

/** Processes of the project whose state goes when they restart. */
const STATEFUL = ["GenServer", "GenStage", "Agent"];

function dependencesIn(facts: Lookup, supervisor: Supervisor): readonly Dependence[] {
  const { children } = supervisor;
  const seen = new Set<string>();
  return children.flatMap((child, i) =>
    facts.named(child.module).flatMap((module): Dependence[] => {
      if (!behavesAs(module, "GenServer", "GenStage") || reacquires(module)) return [];
      const earlier = children.slice(0, i).filter((other) => other.module !== child.module && !exclude(child, other));
      return facts.about(startNeeds, module).flatMap((need): Dependence[] => {
        const on = earlier.find((other) => isOwner(other, need, facts));
        const loses = on ? lost(module, need) : null;
        const key = JSON.stringify([child.at, on?.at]);
        if (!on || !loses || seen.has(key)) return [];
        seen.add(key);
        return [{ supervisor, child, on, need, loses }];
      });
    }),
  );
}

/** The child that the need is addressed to: a server of that name, or the one whose `init` makes that table. */
function isOwner(child: Child, need: Need, facts: Facts): boolean {
  const modules = facts.named(child.module).filter((module) => behavesAs(module, ...STATEFUL));
  if (need.kind === "table-write") return modules.some((module) => ownsTable(module, need.target));
  return modules.length > 0 && answersTo(child, need.target, facts);
}

function ownsTable(module: ModuleFacts, table: string): boolean {
  return (module.byName.get("init") ?? []).some((clause) =>
    clause.calls.some((call) => call.module === ":ets" && call.name === "new" && nameOf(call.args[0]) === table),
  );
}

const REGISTERS = /(?:^|_)(?:subscribe|register|attach|join|add_listener|listen|monitor)(?:_|$)/;
const HANDLE = /(?:^|_)(?:pid|conn|connection|ref|table|tab|tid|socket|channel|port|lease|session)s?$/;

function lost(module: ModuleFacts, need: Need): Dependence["loses"] | null {
  if (need.kind === "table-write") return "rows";
  if (need.kind === "monitor") return need.call === "Process.monitor" ? "monitor" : keepsHandle(module, need);
  if (need.kind !== "wait") return null;
  const name = shortName(need.call);
  if (need.givesSelf || REGISTERS.test(name)) return "registration";
  return keepsHandle(module, need);
}

/** The state keeps a pid, table or connection that the call gave; a plain value stays right when its owner restarts. */
function keepsHandle(module: ModuleFacts, need: Need): "handle" | null {
  const clauses = [...(module.byName.get("init") ?? []), ...(module.byName.get("handle_continue") ?? [])];
  const keeps = clauses.flatMap((clause) => clause.callback?.keeps ?? []);
  const kept = keeps.some(({ call, as }) => call === need.call && (HANDLE.test(as) || call === "GenServer.whereis"));
  return kept ? "handle" : null;
}

/** It hears of the end of others, and may begin anew. */
function reacquires(module: ModuleFacts): boolean {
  return (module.byName.get("handle_info") ?? []).some(({ params: [message] }) => {
    const tag = message?.kind === "tuple" ? message.items[0] : undefined;
    return tag?.kind === "atom" && /^(?:DOWN|EXIT)$/.test(tag.value);
  });
}
