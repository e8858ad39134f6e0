import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import type { ModuleEffects } from "../effects/effects.ts";
import type { Hop } from "../effects/witness.ts";

/** How many functions away a list is followed to the query that it comes from. */
const DEPTH = 5;

/** Options by which a caller says how many rows it wants. */
const LIMITS = /^(?:limit|page|per_page|page_size|first|last|offset|cursor|after|before|search|query|term)$/;

/**
 * Where a list comes from: the calls from the one that gives it to the `Repo.all`, whether that asks for a whole table, and
 * whether somebody on the way wants the newest first.
 */
export interface AllRows {
  readonly hops: readonly Hop[];
  readonly wholeTable: boolean;
  readonly newestFirst: boolean;
}

/**
 * Where the rows come from that a call gives, all of them: null where it is another kind of value, or something on the way
 * speaks of limits, pages or a search.
 * @param about what is known of the calls of a module
 */
export function allRows(
  call: CallFact,
  clause: ClauseOfModule,
  module: ModuleFacts,
  about: (module: ModuleFacts) => ModuleEffects,
  depth = DEPTH,
): AllRows | null {
  if (depth === 0 || call.args.some(limits) || clause.rows?.bounded) return null;
  const hop: Hop = { module, clause, call };
  const known = about(module);
  const witness = known.of(call, "db-read");
  if (witness?.hops.length === 1) {
    if (call.name !== "all") return null;
    const builders = queryCalls(call, clause).flatMap((other) =>
      known.targets(other).flatMap((t) => t.clause.rows ?? []),
    );
    if (builders.some(({ bounded }) => bounded)) return null;
    const filtered = clause.rows?.filtered || builders.some((builder) => builder.filtered);
    const newestFirst = clause.rows?.newestFirst || builders.some((builder) => builder.newestFirst);
    return { hops: [hop], wholeTable: !filtered && call.args[0]?.kind !== "any", newestFirst };
  }
  for (const target of known.targets(call)) {
    const { rows, calls } = target.clause;
    if (!rows || !target.certain) continue;
    const given = givenAt(rows.parameter, call, clause);
    const taken = given && !rows.bounded ? allRows(given, clause, module, about, depth - 1) : null;
    if (taken) return taken;
    for (const index of rows.calls) {
      const next = calls[index];
      const rest = next && allRows(next, target.clause, target.module, about, depth - 1);
      if (!rest) continue;
      const { hops, wholeTable, newestFirst } = rest;
      return {
        hops: [hop, ...hops],
        wholeTable: wholeTable && !rows.filtered,
        newestFirst: newestFirst || rows.newestFirst,
      };
    }
  }
  return null;
}

/** The call whose value a call gets as that argument: of `label(list_parcels(shop))` the inner one. */
function givenAt(argument: number, call: CallFact, clause: ClauseOfModule): CallFact | undefined {
  const shape = call.args[argument];
  if (shape?.kind !== "call") return undefined;
  const { module, name, args } = shape;
  return clause.calls.find(
    (other) => other.module === module && other.name === name && (args.length === 0 || other.arity === args.length),
  );
}

/** The calls of the clause that build the query: those in the argument, or any where that is a variable. */
function queryCalls(call: CallFact, clause: ClauseOfModule): readonly CallFact[] {
  const names = new Set<string>();
  let any = false;
  const read = (shape: Shape | undefined): void => {
    if (shape?.kind === "variable") any = true;
    if (shape?.kind !== "call") return;
    names.add(shape.name);
    for (const arg of shape.args) read(arg);
  };
  read(call.args[0]);
  return clause.calls.filter((other) => other !== call && (any || names.has(other.name)));
}

function limits(arg: Shape): boolean {
  if (arg.kind === "variable") return LIMITS.test(arg.name);
  if (arg.kind === "map") return arg.keys.some((key) => LIMITS.test(key));
  return arg.kind === "keyword" && arg.entries.some(([key]) => LIMITS.test(key));
}
