import type { CallFact, ClauseOfModule, ModuleFacts, SchemaFacts } from "../../facts/facts.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import type { Hop } from "../effects/witness.ts";
import { wholeQuery } from "./query-shapes.ts";
import type { Schemas } from "./schemas.ts";

const CHOOSES = /^(?:or_)?where$|join$/;
/** How many functions deep a list is followed to the query that loads it. */
const DEPTH = 3;

/** The rows of one query, as functions give them on. */
export interface LoadedList {
  /** The calls from the one that gives the list down to the `Repo.all`. */
  readonly hops: readonly [Hop, ...Hop[]];
  /** The schema of the rows. */
  readonly declares: SchemaFacts;
  /** The names of the query's clauses, with those that functions add. */
  readonly says: ReadonlySet<string>;
  /** No condition and no join leaves rows of the table out. */
  readonly isWhole: boolean;
}

/** What has to be known of the project to follow a list. */
export interface ListSources {
  readonly schemas: Pick<Schemas, "of">;
  /** Whether a module is a repository. */
  isRepo(module: string): boolean;
  /** What is known of the calls of a module. */
  about(module: ModuleFacts): ModuleEffects;
  named(name: string): readonly ModuleFacts[];
}

/**
 * The query whose rows a call of the project's own function gives, all of them and nothing but them, whichever of its clauses
 * runs; null where something on the way does more with them, where a cache may hold them, and where the query is not known in full.
 */
export function loadedList(hop: Hop, sources: ListSources): LoadedList | null {
  return givenBy(hop, sources, []);
}

/** @param path the functions on the way so far: one that calls itself gives what its other clauses give */
function givenBy(hop: Hop, sources: ListSources, path: readonly ClauseOfModule[]): LoadedList | null {
  const { module, call } = hop;
  if (path.length === DEPTH || call.cached) return null;
  let all: LoadedList | null = null;
  for (const { module: owner, clause } of sources.about(module).targets(call)) {
    if (path.includes(clause)) continue;
    // A decorator may keep what the function gave before.
    if (owner.attributes.has("decorate")) return null;
    for (const next of listsOf(clause)) {
      const list = next && listAt({ module: owner, clause, call: next }, sources, [...path, clause]);
      all = list ? together(all, { ...list, hops: [hop, ...list.hops] }) : null;
      if (!all) return null;
    }
  }
  return all;
}

/** What one or the other way gives, by the shorter of both; null where the rows are of two schemas. */
function together(one: LoadedList | null, other: LoadedList): LoadedList | null {
  if (!one) return other;
  if (one.declares !== other.declares) return null;
  const { hops, declares } = other.hops.length < one.hops.length ? other : one;
  return { hops, declares, says: new Set([...one.says, ...other.says]), isWhole: one.isWhole && other.isWhole };
}

/** The calls whose lists the function gives as they are; one of undefined where it gives anything else. */
function listsOf({ keyword, rows, calls }: ClauseOfModule): readonly (CallFact | undefined)[] {
  if (keyword === "defdelegate") return calls.slice(0, 1);
  return rows?.asTheyAre ? rows.calls.map((index) => calls[index]) : [undefined];
}

function listAt(hop: Hop, sources: ListSources, path: readonly ClauseOfModule[]): LoadedList | null {
  const { module, clause, call } = hop;
  if (call.module === null || !sources.isRepo(call.module)) return givenBy(hop, sources, path);
  const [load, other] = clause.loads.filter(({ query, name }) => query !== null && name === call.name);
  if (call.name !== "all" || !load?.query || other || call.cached || call.runs !== "inline") return null;
  const query = wholeQuery(sources, module, load.query);
  const declares = query?.schema ? sources.schemas.of(query.schema) : null;
  if (!query || !declares) return null;
  return { hops: [hop], declares, says: query.says, isWhole: ![...query.says].some((name) => CHOOSES.test(name)) };
}
