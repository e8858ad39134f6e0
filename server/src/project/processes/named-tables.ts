import { isRescued } from "../../facts/branch.ts";
import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { nameOf, type Shape } from "../../facts/shape.ts";
import { clausesCalling } from "../calls/calling.ts";
import { type Bindings, clausesOf, isLocalCall, substitute } from "../calls/clauses.ts";
import type { Facts } from "../project.ts";

/** Functions of `:ets` that raise where the table is not there. */
const READS =
  /^(?:lookup|lookup_element|member|match|match_object|select|select_count|select_reverse|tab2list|first|last|next|prev|foldl|foldr)$/;
/** Functions that say whether a table, or the process that makes it, is there. */
const ASKS = /^(?::ets\.(?:whereis|info|all)|(?:Process|GenServer)\.whereis|Process\.(?:alive\?|registered))$/;

/** The named ETS table that a call reads; null for any other call, and where nobody knows which it is. */
export function tableRead({ module, name, args }: CallFact, bindings: Bindings): string | null {
  return module === ":ets" && READS.test(name) && args[0] ? nameOf(substitute(args[0], bindings)) : null;
}

/** True where it is known at a call that a table may not be there: an error is rescued, or somebody asks for the table. */
export function reckonsWithout(module: ModuleFacts, clause: ClauseOfModule, call: CallFact): boolean {
  if (isRescued(clause, call) || clause.calls.some(asksForTable)) return true;
  return clause.calls.some(
    (other) =>
      isLocalCall(module, other) &&
      clausesOf(module, other.name, other.arity).some(({ calls }) => calls.some(asksForTable)),
  );
}

function asksForTable({ module, name }: CallFact): boolean {
  return ASKS.test(`${module}.${name}`);
}

/** The named tables that a module makes in its `init`, each of which no other function of the project makes as well. */
export function tablesOfInit(module: ModuleFacts, facts: Facts): readonly string[] {
  const inits = (module.byName.get("init") ?? []).filter(({ callback }) => callback !== null);
  const helpers = inits.flatMap(({ calls }) =>
    calls.flatMap((call) => (isLocalCall(module, call) ? clausesOf(module, call.name, call.arity) : [])),
  );
  const starting = new Set([...inits, ...helpers]);
  return facts.once(tablesMade, module).filter((table) => {
    if (facts.having(tablesMade, table).length > 1) return false;
    const makers = clausesCalling(module, ":ets").filter(({ calls }) =>
      calls.some((call) => tableMade(call) === table),
    );
    return makers.every(
      (clause) =>
        starting.has(clause) && clause.calls.every((call) => tableMade(call) !== table || isNamed(call.args[1])),
    );
  });
}

/** The names that a module makes tables by; the key of an index: see `Facts.having`. */
function tablesMade(module: ModuleFacts): string[] {
  const made = clausesCalling(module, ":ets").flatMap(({ calls }) => calls.flatMap((call) => tableMade(call) ?? []));
  return [...new Set(made)];
}

function tableMade({ module, name, args }: CallFact): string | null {
  return module === ":ets" && name === "new" ? nameOf(args[0]) : null;
}

function isNamed(options: Shape | undefined): boolean {
  return options?.kind === "list" && options.items.some((item) => item.kind === "atom" && item.value === "named_table");
}
