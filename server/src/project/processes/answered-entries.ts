import type { ClauseOfModule, EntryKey, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import { ANEW } from "../../facts/flow-bits.ts";
import { callsWithin, clausesOf } from "../calls/clauses.ts";
import { byModule } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";

/** A look-up of an entry that is done with there, and stays. */
export interface AnsweredEntry {
  readonly clause: ClauseOfModule;
  /** Where the entry is looked up. */
  readonly at: Ordinal;
  readonly field: string;
  /** What was done with it: its timer was cancelled, or its caller answered. */
  readonly by: "timer" | "caller";
  readonly added: { readonly clause: ClauseOfModule; readonly at: Ordinal };
}

const NONE: readonly AnsweredEntry[] = [];
/** Where a process begins. */
const BEGINS = /^(?:init|connect|join|websocket_init|start|start_link|child_spec)$/;
const MAKES_NEW = /^(?:make_ref|unique_integer|uuid[147]?|u?generate|bingenerate|strong_rand_bytes|get_v4|monitor)$/;

/**
 * By module of a process, the requests that it keeps under a new key each, answers, and then forgets to take out: nothing in it
 * takes anything out of that field, or makes the state anew, but on the way to its end.
 */
export const answeredEntries = byModule({
  name: "answered entries",
  slices: ["uses", "functions"],
  isAbout: (module) =>
    module.fileClass === "code" && module.clauses.some(({ entries }) => (entries?.answers.length ?? 0) > 0),
  nothing: NONE,
  conclude: answeredIn,
  same: (a, b) => a.length === b.length && a.every((one, i) => one.at === b[i]?.at && one.clause === b[i]?.clause),
});

function answeredIn(facts: Lookup, module: ModuleFacts): readonly AnsweredEntry[] {
  const handed = module.clauses.flatMap(({ entries }) => entries?.handsTo ?? []);
  if (handed.some((name) => name === "?" || facts.named(name).length > 0)) return NONE;
  const macros = module.useForms.flatMap(({ use }) => facts.named(use.module).flatMap(({ clauses }) => clauses));
  if (macros.some(({ quoted }) => quoted?.clauses.some(({ name }) => /^(?:handle_|websocket_)/.test(name))))
    return NONE;
  const out = module.clauses.flatMap((clause) =>
    (clause.entries?.answers ?? []).flatMap(({ at, field, by }) => {
      const added = stays(module, field) ? firstAdded(facts, module, field) : null;
      return added ? [{ clause, at, field, by, added }] : [];
    }),
  );
  return out.length > 0 ? out : NONE;
}

/** True when nothing but the end of the process takes anything out of the field. */
function stays(module: ModuleFacts, field: string): boolean {
  return module.clauses.every((clause) => {
    const { entries, name } = clause;
    if (entries === null) return clause.calls.length === 0;
    if (entries.ends || /terminate$/.test(name)) return true;
    if (entries.otherwise.includes(field)) return false;
    return !entries.begins.some((begun) => begun === field || begun === "*") || isAtStart(module, clause);
  });
}

/** True for what runs when the process begins, and for what only that calls. */
function isAtStart(module: ModuleFacts, clause: ClauseOfModule, seen: readonly ClauseOfModule[] = []): boolean {
  if (seen.includes(clause)) return true;
  const callers = callsWithin(module, clause).map(({ caller }) => caller);
  if (!BEGINS.test(clause.name) && callers.length === 0) return false;
  return callers.every((caller) => isAtStart(module, caller, [...seen, clause]));
}

/** Where an entry is added under a key that is new each time; null where no such place is known. */
function firstAdded(facts: Lookup, module: ModuleFacts, field: string): AnsweredEntry["added"] | null {
  for (const clause of module.clauses)
    for (const { at, field: into, key } of clause.entries?.adds ?? [])
      if (into === field && key && isNew(facts, module, clause, key)) return { clause, at };
  return null;
}

function isNew(facts: Lookup, module: ModuleFacts, clause: ClauseOfModule, key: EntryKey): boolean {
  if (key.kind === "new") return true;
  if (key.kind === "parameter") {
    const calls = callsWithin(module, clause).map(({ call }) => call);
    return calls.length > 0 && calls.every(({ flows }) => ((flows[key.index] ?? 0) & ANEW) !== 0);
  }
  const made =
    key.module === null
      ? clausesOf(module, key.name, key.arity)
      : facts.named(key.module).flatMap((one) => clausesOf(one, key.name, key.arity));
  return made.some(({ calls }) => calls.some(({ name }) => MAKES_NEW.test(name)));
}
