import type { ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import type { Lookup } from "../lookup.ts";
import { keepsTheDead } from "./dead-entries.ts";
import { mayShrink, type ServerProfile } from "./server-profile.ts";

/** A place that adds to a collection in the state of a GenServer, from which nothing that runs by itself takes anything. */
export interface GrowingState {
  readonly clause: ClauseOfModule;
  readonly at: Ordinal;
  /** As in `StateFacts`. */
  readonly field: string;
  /** Requests take entries out, but those of processes that have ended stay. */
  readonly dead: boolean;
}

/**
 * Where a server adds to its state: the first place for each collection.
 * @param server its profile; null for what is no GenServer
 */
export function growingState(
  module: ModuleFacts,
  server: ServerProfile | null,
  cx: Pick<Lookup, "named">,
): readonly GrowingState[] {
  if (!server || server.shortLived) return [];
  const changing = module.clauses.filter((clause) => clause.state && !/^(?:init|terminate)$/.test(clause.name));
  const shrinking = changing.filter(({ callback, state }) => !callback?.unchanged && state && state.shrinks.length > 0);
  const found = new Map<string, GrowingState>();
  for (const clause of changing) {
    for (const { at, field, serial } of clause.state?.grows ?? []) {
      if (found.has(field)) continue;
      if (serial !== null && changing.some((other) => beginsAgain(other, serial))) continue;
      const removing = shrinking.filter(({ state }) => state && mayShrink(state.shrinks, field));
      const dead = removing.length > 0;
      if (!dead || keepsTheDead(module, clause, removing, cx)) found.set(field, { clause, at, field, dead });
    }
  }
  return [...found.values()];
}

/** True where the clause sets the field that counts keys to something else than one more: numbers may come twice. */
function beginsAgain({ state }: ClauseOfModule, serial: string): boolean {
  if (!state || state.counts.includes(serial)) return false;
  return state.writes.some((written) => written === serial || written.endsWith(`.${serial}`));
}
