import type { ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import { nameOf } from "../../facts/shape.ts";
import { isTool } from "../tools.ts";
import { type AgentUse, mayMean, startName, startsIn } from "./agents.ts";
import { isTemporary, mayShrink } from "./server-profile.ts";

/** A call that adds to a collection in the state of an agent, from which nothing ever takes anything. */
export interface GrowingAgent {
  readonly clause: ClauseOfModule;
  readonly at: Ordinal;
  /** The name of the agent. */
  readonly agent: string;
  /** As in `StateFacts`. */
  readonly field: string;
}

const ENDS = /^(?:Agent|GenServer|Supervisor|DynamicSupervisor|Process)\.(?:stop|exit|terminate_child)$/;

/** Where a module adds to agents that it starts by a name of their own: the first place for each collection. */
export function growingAgents(module: ModuleFacts, uses: readonly AgentUse[]): readonly GrowingAgent[] {
  const changing = module.clauses.filter(({ agentChanges }) => agentChanges.length > 0);
  if (changing.length === 0 || module.fileClass !== "code" || isTool(module) || isTemporary(module)) return [];
  if (module.clauses.some(({ calls }) => calls.some((call) => ENDS.test(`${call.module}.${call.name}`)))) return [];
  const names = new Set(startsIn(module).flatMap(({ call }) => startName(call) ?? []));
  return [...names].flatMap((agent): GrowingAgent[] => {
    if (uses.some((use) => !use.starts && use.module !== module.name && mayMean(use, agent, module, uses))) return [];
    const changes = changing.flatMap((clause) =>
      clause.agentChanges.flatMap((change) => {
        const name = nameOf(change.agent);
        return name === null || name === agent ? [{ clause, change, isNamed: name !== null }] : [];
      }),
    );
    const shrinks = changes.flatMap(({ change }) => change.shrinks);
    const seen = new Set<string>();
    return changes.flatMap(({ clause, change, isNamed }) =>
      change.grows.flatMap(({ at, field }) => {
        if (!isNamed || seen.has(field) || mayShrink(shrinks, field)) return [];
        seen.add(field);
        return [{ clause, at, agent, field }];
      }),
    );
  });
}
