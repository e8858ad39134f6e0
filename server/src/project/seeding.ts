import { sameSet } from "../base/same-items.ts";
import type { ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import { isTest } from "./calls/call-graph.ts";
import { byModule } from "./conclusions.ts";
import { effects } from "./effects/effects.ts";
import type { Lookup } from "./lookup.ts";

const NONE: ReadonlySet<ClauseOfModule> = new Set();
/** How many functions away from the one that reads the file. */
const DEPTH = 4;

/**
 * The functions with loops of a module that put into the database what the project's own files in `priv` say, as seeds do: they
 * read one of these, or only such functions call them; and nothing in the application calls the function that reads it. Seeds
 * stand in no module, so what they call has no callers.
 */
export const seeding = byModule({
  name: "seeding",
  slices: effects.slices,
  isAbout: ({ clauses }) => clauses.some(({ loops }) => loops.length > 0),
  nothing: NONE,
  conclude: (facts, module): ReadonlySet<ClauseOfModule> => {
    const found = module.clauses.filter((clause) => clause.loops.length > 0 && isSeeding(facts, clause));
    return found.length > 0 ? new Set(found) : NONE;
  },
  same: sameSet,
});

function isSeeding(facts: Lookup, clause: ClauseOfModule, depth = DEPTH): boolean {
  if (depth === 0) return false;
  const callers = facts.callers(clause).filter((link) => link.clause !== clause && !isByHand(link.module));
  if (readsOwnFile(clause)) return callers.length === 0 && clause.callback === null;
  return callers.length > 0 && callers.every((link) => isSeeding(facts, link.clause, depth - 1));
}

function isByHand(module: ModuleFacts): boolean {
  return isTest(module) || module.fileClass === "script";
}

/** `Application.app_dir(:shop, "priv/prices.csv") |> File.read!()` */
function readsOwnFile({ calls }: ClauseOfModule): boolean {
  const isOwn = calls.some(
    ({ module, name }) =>
      (module === "Application" && name === "app_dir") || (module === ":code" && name === "priv_dir"),
  );
  return isOwn && calls.some(({ module, name }) => module === "File" && /^(?:read|stream)!?$/.test(name));
}
