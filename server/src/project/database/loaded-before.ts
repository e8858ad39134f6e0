import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import { type Hop, lastHop, type Witness } from "../effects/witness.ts";
import type { NestedPreloads } from "./nested-preloads.ts";

/** How many functions deep the rows that a function works on are followed to what loads them. */
const DEPTH = 3;

/** The associations that a `preload` names; empty strings for what is computed. */
export function preloadedBy({ args: [, wanted] }: CallFact): readonly string[] {
  if (wanted?.kind === "keyword") return wanted.entries.map(([name]) => name);
  return (wanted?.kind === "list" ? wanted.items : [wanted]).map((one) => (one?.kind === "atom" ? one.value : ""));
}

/**
 * True where the rows of a preload may well have been preloaded before, so that it asks nothing any more: elsewhere in the
 * project below the rows' owners, by the function that comes to it, or by what that calls to get its rows.
 *
 * @param start the call in the function that comes to the preload
 * @param about what the functions of a module do
 */
export function mayBeLoaded(
  { hops, effect }: Witness,
  start: Pick<Hop, "clause" | "call">,
  about: (module: ModuleFacts) => ModuleEffects,
  nested: NestedPreloads,
): boolean {
  // A repository may have a `preload` of its own, which hands its arguments on.
  const hop =
    hops.findLast(({ call }) => call.name === "preload" && preloadedBy(call).every(Boolean)) ??
    lastHop({ hops, effect });
  const names = preloadedBy(hop.call);
  if (names.length === 0) return false;
  // One in the function itself is of other rows.
  const own = hop.clause === start.clause ? [] : start.clause.preloads;
  if (own.length > 0 && names.every((name) => own.includes(name))) return true;
  if (hop.clause !== start.clause && isBelowOthers(hop, names, nested)) return true;
  // What comes to the preload itself, for each row, is not what gets the rows.
  const seen = new Set(hops.map(({ clause }) => clause));
  const loaded = new Set<string>();
  for (const call of start.clause.calls)
    if (call.loop < 0) collect(call, about(hops[0].module), about, loaded, DEPTH, seen);
  return names.every((name) => loaded.has(name));
}

/** True for a function that makes sure that its row has what it needs, where another place preloads the same with such rows' owners. */
function isBelowOthers({ clause }: Hop, names: readonly string[], nested: NestedPreloads): boolean {
  const schemas = clause.params.flatMap((param) =>
    param.kind === "map" && param.struct !== null ? [param.struct] : [],
  );
  return schemas.some((schema) => names.every((name) => nested.has(schema, name)));
}

/** Adds what the functions that a call runs preload, at any depth of their rows. */
function collect(
  call: CallFact,
  known: ModuleEffects,
  about: (module: ModuleFacts) => ModuleEffects,
  loaded: Set<string>,
  depth: number,
  seen: Set<ClauseOfModule>,
): void {
  if (depth === 0) return;
  for (const { module, clause } of known.targets(call)) {
    if (seen.has(clause)) continue;
    seen.add(clause);
    for (const path of clause.preloads) loaded.add(path.slice(path.lastIndexOf(".") + 1));
    for (const next of clause.calls) collect(next, about(module), about, loaded, depth - 1, seen);
  }
}
