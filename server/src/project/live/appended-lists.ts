import type { ModuleFacts } from "../../facts/facts.ts";
import type { AssignFlow, KeyFlow } from "./assign-flow.ts";

/** A list whose rows the browser keeps, and the server only until it has sent them. */
export interface AppendedList {
  readonly key: string;
  /** Where it is filled, or where it is said to be temporary when that is somewhere else. */
  readonly set: KeyFlow["sets"][number];
  readonly shown: KeyFlow["reads"][number];
}

/**
 * The temporary assigns that a template goes through in an element with `phx-update="append"`.
 * @param flow null for a module that is no LiveView but a page of one, as those of the dashboard: then its own clauses count
 */
export function appendedLists(module: ModuleFacts, flow: AssignFlow | null): readonly AppendedList[] {
  return [...(flow?.keys ?? keysOf(module))].flatMap(([key, { sets, reads }]) => {
    if (!sets.some(({ fact }) => fact.by === "temporary")) return [];
    const shown = reads.find(({ fact }) => fact.how === "loop" && fact.appended);
    const set = sets.find(({ fact }) => fact.by !== "temporary" && fact.value.kind !== "empty") ?? sets[0];
    return shown && set ? [{ key, set, shown }] : [];
  });
}

function keysOf({ path, clauses }: ModuleFacts): ReadonlyMap<string, KeyFlow> {
  const placed = clauses.flatMap((clause) => (clause.assigns ? [{ path, clause, assigns: clause.assigns }] : []));
  const sets = placed.flatMap(({ assigns, ...at }) => assigns.sets.map((fact) => ({ ...at, fact })));
  const reads = placed.flatMap(({ assigns, ...at }) => assigns.reads.map((fact) => ({ ...at, fact })));
  const temporary = new Set(sets.flatMap(({ fact }) => (fact.by === "temporary" ? [fact.key] : [])));
  const of = <T extends { fact: { key: string } }>(all: readonly T[], key: string): T[] =>
    all.filter(({ fact }) => fact.key === key);
  return new Map([...temporary].map((key) => [key, { sets: of(sets, key), reads: of(reads, key) }]));
}
