import type { Call, Clause } from "../syntax/ast.ts";
import { fillsCache } from "./caches.ts";
import { asksConnected } from "./constructs.ts";
import type { Runs, TransactionFact } from "./facts.ts";

/** Where a call stands: what runs it, which loop is around it, what was asked before, whether it is in a template. */
export interface CallPlace {
  readonly runs: Runs;
  readonly loop: number;
  readonly connected: boolean;
  readonly cached: boolean;
  readonly template: boolean;
  readonly branch: number;
  readonly transaction: TransactionFact | null;
}

/** Where a form begins. */
export const TOP: CallPlace = {
  runs: "inline",
  loop: -1,
  connected: false,
  cached: false,
  template: false,
  branch: -1,
  transaction: null,
};

/** The place with other answers to what was asked before it. */
export function whereAsked(place: CallPlace, connected: boolean, cached: boolean): CallPlace {
  return connected === place.connected && cached === place.cached ? place : { ...place, connected, cached };
}

/** The clauses of a `cond`: `connected?(socket) -> …`. */
export function afterCondition(clause: Clause, place: CallPlace): CallPlace {
  const asks = clause.patterns.some((condition) => condition.type !== "unary" && asksConnected(condition));
  return asks ? { ...place, connected: true } : place;
}

/** Where the closures stand that the call is given: a cache, or `assign_new`, runs them for what it does not hold, a multi when it is run. */
export function insideOf(node: Call, place: CallPlace): CallPlace {
  if (node.module === "Ecto.Multi" && place.loop >= 0) return { ...place, loop: -1 };
  return fillsCache(node) || node.name === "assign_new" ? { ...place, cached: true } : place;
}
