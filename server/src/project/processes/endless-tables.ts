import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { ANEW, heldParameters, INPUT } from "../../facts/flow-bits.ts";
import { nameOf, type Shape } from "../../facts/shape.ts";
import { clausesCalling } from "../calls/calling.ts";
import { byModule } from "../conclusions.ts";
import type { Lookup } from "../lookup.ts";
import { isTool } from "../tools.ts";

/** A call that adds rows to an ETS table from which nothing in the project ever deletes one. */
export interface EndlessTable {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
  readonly table: string;
  /** What each row is there for: `ip`; null where it is a value that is new each time. */
  readonly key: string | null;
}

const NONE: readonly EndlessTable[] = [];
/** What there is any number of, and who sends it is no client that stays. */
const OF_CLIENTS =
  /^(?:(?:\w+_)?(?:ip|ip_address|remote_addr(?:ess)?|user_agent|fingerprint|nonce|jti)|(?:access_|session_|csrf_|bearer_)?token|session_id|session_key|request_id|email)$/;
const DELETES = /^(?:delete\w*|select_delete|match_delete|take|internal_delete\w*)$/;
/** Stands for a table that is known at run time only. */
const ANY_TABLE = "?";

/** By module, the calls that fill a table under keys of which there is any number. Of tables with other keys, most are bounded. */
export const endlessTables = byModule({
  name: "endless tables",
  slices: ["functions"],
  isAbout: (module) => fills(module).length > 0,
  nothing: NONE,
  conclude: endlessIn,
  same: (a, b) => a.length === b.length && a.every((one, i) => one.call === b[i]?.call && one.clause === b[i]?.clause),
});

function endlessIn(facts: Lookup, module: ModuleFacts): readonly EndlessTable[] {
  const mayEmptyAny = facts
    .having(emptied, ANY_TABLE)
    .some((other) => other === module || other.byCalled.has(module.name) || module.byCalled.has(other.name));
  if (mayEmptyAny) return NONE;
  const out = facts.once(fills, module).filter(({ table }) => facts.having(emptied, table).length === 0);
  return out.length > 0 ? out : NONE;
}

function fills(module: ModuleFacts): readonly EndlessTable[] {
  if (module.fileClass !== "code" || isTool(module) || !module.byCalled.has(":ets")) return NONE;
  return clausesCalling(module, ":ets").flatMap((clause) => clause.calls.flatMap((call) => filled(clause, call) ?? []));
}

function filled(clause: ClauseOfModule, call: CallFact): EndlessTable | null {
  const { module, name, args, flows } = call;
  if (module !== ":ets" || !/^(?:insert|insert_new|update_counter)$/.test(name)) return null;
  const table = nameOf(args[0]);
  const row = args[1];
  const counts = name === "update_counter";
  // Without a row to begin with, `update_counter` makes none.
  if (table === null || !row || (counts && args.length < 4)) return null;
  const flow = flows[1] ?? 0;
  if (counts && flow & (ANEW | INPUT)) return { clause, call, table, key: null };
  const key = keyOf(counts ? row : row.kind === "tuple" ? row.items[0] : undefined);
  return key !== null && heldParameters(flow).length > 0 ? { clause, call, table, key } : null;
}

function keyOf(shape: Shape | undefined): string | null {
  if (shape?.kind === "variable") return OF_CLIENTS.test(shape.name) ? shape.name : null;
  if (shape?.kind !== "tuple") return null;
  return shape.items.map(keyOf).find((key) => key !== null) ?? null;
}

/** The tables from which a module deletes; the key of an index: see `Facts.having`. */
function emptied(module: ModuleFacts): readonly string[] {
  return clausesCalling(module, ":ets", ":timer").flatMap(({ calls }) =>
    calls.flatMap(({ module: of, name, args }) => {
      // `:timer.apply_interval(time, :ets, :delete_all_objects, [table])`
      if (of === ":timer") return name.startsWith("apply_") ? [ANY_TABLE] : [];
      return of === ":ets" && DELETES.test(name) ? [nameOf(args[0]) ?? ANY_TABLE] : [];
    }),
  );
}
