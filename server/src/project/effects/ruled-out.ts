import type { ClauseOfModule } from "../../facts/facts.ts";
import { MANY } from "../../facts/list-sources.ts";
import { entry, type Shape } from "../../facts/shape.ts";
import { type Bindings, clausesFor } from "../calls/clauses.ts";
import type { Witness } from "./witness.ts";

const NOTHING: Bindings = new Map();
const NIL: Shape = { kind: "atom", value: "nil" };

/**
 * True where a literal that is handed on, a default among them, chooses another clause than the way leads through:
 * `list(options \\ [])` with `loaded(rows, Keyword.get(options, :preload, false))`, where `loaded/2` has a clause for `true`.
 */
export function isRuledOut({ hops }: Witness): boolean {
  let known = NOTHING;
  for (const [i, { clause, call }] of hops.entries()) {
    const next = hops[i + 1];
    if (!next) return false;
    const values = known;
    const args = call.args.map((arg) => meantBy(arg, clause, values));
    const named = next.module.byName.get(call.name) ?? [];
    const chosen = clausesFor(named, call.arity, args).find((candidate) => candidate.clause === next.clause);
    // What `use` brings in is no function of its module's own.
    if (!chosen && named.includes(next.clause)) return true;
    known = chosen ? literals(chosen.bindings) : NOTHING;
  }
  return false;
}

function literals(bindings: Bindings): Bindings {
  return new Map([...bindings].filter(([, { kind }]) => kind === "atom" || kind === "keyword" || kind === "list"));
}

/** What the argument stands for where the function was given those values; itself where that is not known. */
function meantBy(arg: Shape, clause: ClauseOfModule, known: Bindings, depth = 3): Shape {
  if (depth === 0) return arg;
  if (arg.kind === "variable") {
    const [option, other] = clause.options.filter(([name]) => name === arg.name);
    const isRebound = clause.lists.some(([name, source]) => name === arg.name && source === MANY);
    if (option && !other) return optionIn(option[1], clause, known, depth) ?? arg;
    return (isRebound ? undefined : known.get(arg.name)) ?? arg;
  }
  return optionIn(arg, clause, known, depth) ?? arg;
}

/** What `Keyword.get(options, :key, default)` gives where the options are known; null for all else. */
function optionIn(read: Shape, clause: ClauseOfModule, known: Bindings, depth: number): Shape | null {
  if (read.kind !== "call" || read.module !== "Keyword" || read.name !== "get") return null;
  const [options, key, fallback = NIL] = read.args;
  if (options?.kind !== "variable" || key?.kind !== "atom") return null;
  const given = meantBy(options, clause, known, depth - 1);
  if (given.kind === "list" && given.items.length > 0) return null;
  if (given.kind !== "keyword" && given.kind !== "list") return null;
  return entry(given, key.value) ?? fallback;
}
