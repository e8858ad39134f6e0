import type { CallFact, ClauseFacts, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { entry, nameOf } from "../../facts/shape.ts";
import { clausesCalling } from "../calls/calling.ts";
import type { View } from "../project.ts";
import { needsProcess } from "./needs-process.ts";
import { literalName } from "./servers.ts";

/** A call by which a module starts an agent, or one that may change or end an agent. */
export interface AgentUse {
  readonly module: string;
  readonly starts: boolean;
  /** The agent's name, where it is written out. */
  readonly name: string | null;
}

/** Where the project starts and changes agents, tests included. */
export const agentUses: View<readonly AgentUse[]> = {
  name: "agent uses",
  slices: ["functions", "quoted", "tests"],
  compute: (facts) => facts.collect(usesOf),
};

const NONE: readonly AgentUse[] = [];
const CHANGES = /^(?:update|get_and_update|cast|stop)$/;
const STARTS = /^start(?:_link)?$/;

function usesOf(module: ModuleFacts): readonly AgentUse[] {
  const out: AgentUse[] = [];
  const use = (starts: boolean, name: string | null): void => void out.push({ module: module.name, starts, name });
  const read = ({ calls, quoted }: ClauseFacts): void => {
    for (const call of calls) {
      if (call.module !== "Agent") continue;
      if (STARTS.test(call.name)) use(true, startName(call));
      else if (CHANGES.test(call.name)) use(false, call.captured ? null : nameOf(call.args[0]));
    }
    for (const inner of quoted?.clauses ?? []) read(inner);
  };
  const calling = clausesCalling(module, "Agent");
  for (const clause of module.clauses) if (clause.quoted || calling.includes(clause)) read(clause);
  for (const { calls } of module.tested)
    for (const called of calls) {
      if (!called.startsWith("Agent.")) continue;
      const name = /^Agent\.(\w+)\//.exec(called)?.[1] ?? "";
      if (STARTS.test(name)) use(true, null);
      else if (CHANGES.test(name)) use(false, null);
    }
  return out.length > 0 ? out : NONE;
}

/** The name that the call gives to the agent, where it is written out. */
export function startName({ args }: CallFact): string | null {
  return literalName(entry(args.at(-1), "name"));
}

/** Where a module starts an agent. */
export interface AgentStart {
  readonly clause: ClauseOfModule;
  /** `Agent.start_link`. */
  readonly call: CallFact;
}

/**
 * The agents of a module whose state stays what they are started with, as far as the project says. Not those of a module that
 * implements a behaviour, which may have to be a process, or that does more with processes.
 */
export function constantAgents(module: ModuleFacts, uses: readonly AgentUse[]): readonly AgentStart[] {
  const starts = startsIn(module);
  if (starts.length === 0 || module.behaviours.length > 0) return [];
  if (module.clauses.some(({ calls }) => calls.some((call) => call.module !== "Agent" && needsProcess(call))))
    return [];
  const isChanged = ({ call }: AgentStart): boolean =>
    uses.some((use) => !use.starts && mayMean(use, startName(call), module, uses));
  return starts.filter((start) => !isChanged(start));
}

/** The calls by which the module starts agents. */
export function startsIn(module: ModuleFacts): readonly AgentStart[] {
  return clausesCalling(module, "Agent").flatMap((clause) =>
    clause.calls.flatMap((call) => (call.module === "Agent" && STARTS.test(call.name) ? [{ clause, call }] : [])),
  );
}

/** Whether the change may be one of the agent of the module that has the name, or one that is not known. */
export function mayMean(
  change: AgentUse,
  name: string | null,
  module: ModuleFacts,
  uses: readonly AgentUse[],
): boolean {
  if (change.module === module.name) return change.name === null || name === null || change.name === name;
  // Who starts agents and changes one without a name means one of those.
  if (change.name === null) return !uses.some((use) => use.starts && use.module === change.module);
  if (name !== null) return change.name === name;
  return !uses.some((use) => use.starts && use.name === change.name);
}
