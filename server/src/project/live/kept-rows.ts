import type { AssignRead, AssignSet, CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import type { AssignFlow, KeyFlow, Placed } from "./assign-flow.ts";
import { type AllRows, allRows } from "./rows.ts";

/** What a page keeps that shows a list in pages. */
const PAGES = /^(?:pager|paginat)|^(?:page_number|page_size|per_page|total_pages)$/;

/** All rows that a query finds, which a page keeps to show them. */
export interface KeptRows {
  readonly set: Placed<AssignSet>;
  /** The call whose rows they are, and the way from it to the query. */
  readonly call: CallFact;
  readonly rows: AllRows;
  /** All rows of a table, and nobody chose among them. */
  readonly whole: boolean;
  /** The places that show them. */
  readonly shown: readonly Placed<AssignRead>[];
  /** Something else than a template reads them: they are what the page works with. */
  readonly isState: boolean;
  /** Nobody but templates of the page gets them. */
  readonly isOnlyShown: boolean;
  /** The one loop that shows them, where nothing but `assign` sets them; null where there is more to it. */
  readonly loop: Placed<AssignRead> | null;
}

/**
 * The rows that the assign holds for as long as the page is open, where there may come to be ever more of them; null for all else.
 *
 * @param isListed whether all that gets the assign in the markup of a clause goes through its elements
 * @param about what is known of the calls of a module
 */
export function keptRows(
  { sets, reads }: KeyFlow,
  flow: AssignFlow,
  module: ModuleFacts,
  isListed: (clause: ClauseOfModule) => boolean,
  about: (module: ModuleFacts) => ModuleEffects,
): KeptRows | null {
  const listed = reads.filter(
    ({ fact, clause }) => fact.template && (fact.how === "loop" || (fact.how === "passed" && isListed(clause))),
  );
  const shown = reads.filter((read) => listed.includes(read) || isPrepared(read, flow));
  if (shown.length === 0) return null;
  const loads = sets.flatMap((set) => {
    const [index] = set.fact.value.rows;
    const call = index === undefined ? undefined : set.clause.calls[index];
    const rows = call && allRows(call, set.clause, module, about);
    return call && rows ? [{ set, call, rows, whole: rows.wholeTable && !set.fact.value.filtered }] : [];
  });
  const [first] = loads;
  if (!first) return null;
  const isState = reads.some((read) => !read.fact.template && !shown.includes(read));
  // The few that match a condition may well be the page's state.
  if (isState && !first.whole) return null;
  // What belongs to one account or shop may be few for ever, unless it is a history, or the page has it in pages elsewhere.
  if (!first.whole && !first.rows.newestFirst && !isPaged(flow)) return null;
  if (!first.rows.newestFirst && sets.some(isFilledIn)) return null;
  const isPassed = reads.some((read) => read.fact.how === "passed" && !listed.includes(read));
  const isOnlyShown =
    !isState &&
    !isPassed &&
    !flow.readByAnyone &&
    loads.length === sets.filter(({ fact }) => fact.value.kind !== "empty").length;
  const isPlain = isOnlyShown && reads.length === 1 && sets.every(({ fact }) => fact.by === "assign");
  return { ...first, shown, isState, isOnlyShown, loop: (isPlain && listed[0]) || null };
}

function isPaged({ keys }: AssignFlow): boolean {
  return [...keys.keys()].some((key) => PAGES.test(key));
}

/** True where an event of the page adds the element that somebody has just filled in: a list that is kept by hand. */
function isFilledIn({ fact, clause }: Placed<AssignSet>): boolean {
  return fact.value.kind === "added" && clause.name === "handle_event";
}

/** True where `render` makes something of the whole list for the client, as a page does that has a script of its own draw it. */
function isPrepared({ fact, clause }: Placed<AssignRead>, { kind }: AssignFlow): boolean {
  return kind === "view" && clause.name === "render" && !fact.template && fact.how === "value";
}
