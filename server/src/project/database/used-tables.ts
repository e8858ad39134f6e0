import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import type { View } from "../project.ts";
import { type Table, tables } from "./tables.ts";

/** Answers whether the application has to do with a table; true for all of them where it does not say which ones are its. */
export interface UsedTables {
  has(table: string): boolean;
  readonly names: readonly string[];
  readonly tables: ReadonlyMap<string, Table>;
}

/**
 * The tables that the code names: as a schema, in a query, or in SQL. Where it names less than half of those that the migrations make,
 * it has ways of its own to do so, and nothing is known.
 */
export const usedTables: View<UsedTables> = {
  name: "used tables",
  slices: ["migrations", "schemas", "queries", "functions", "uses"],
  compute(facts, previous) {
    const names = facts.collect(tablesNamedBy);
    const all = facts.read(tables);
    if (previous && previous.names === names && previous.tables === all) return previous;
    const known = new Set(names);
    const made = [...all.values()].filter(({ created }) => created !== null);
    const isKnown = made.filter(({ name }) => known.has(name)).length * 2 >= made.length;
    return { names, tables: all, has: (table) => !isKnown || known.has(table) || OF_LIBRARIES.test(table) };
  },
};

/** Tables that schemas of libraries are of: paper_trail, guardian_db, Oban, fun_with_flags. */
const OF_LIBRARIES = /^(?:versions|guardian_tokens|oban_\w+|fun_with_flags_\w+)$/;

/** The functions that are given the name of a table. */
const QUERYING =
  /^(?:(?:insert|update|delete)_all|all|one!?|get(?:_by)?!?|exists\?|aggregate|stream|from|join|where|select|query!?|execute!?|explain)$/;
const IN_SQL = /\b(?:from|join|into|update|table|truncate)\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)/gi;
/** What the database does by itself once a migration has made it. */
const LIVES_ON = /\bcreate\s+(?:or\s+replace\s+)?(?:materialized\s+)?(?:view|function|procedure|trigger|rule)\b/i;

function tablesNamedBy(module: ModuleFacts, memo: ClauseMemo): readonly string[] {
  const { fileClass, schema, clauses, attributes, useForms } = module;
  const out = new Set<string>();
  if (fileClass === "migration") {
    for (const { migration } of clauses)
      for (const step of migration)
        if (step.kind === "execute" && LIVES_ON.test(step.sql ?? "")) addTables(step.sql ?? "", out);
    return [...out];
  }
  const take = (name: string | null | undefined): void => {
    if (name) out.add(name);
  };
  take(schema?.source);
  for (const { joinTable } of schema?.associations ?? []) take(joinTable);
  for (const name of memo.all(tablesIn, module)) out.add(name);
  for (const value of attributes.values()) addNames(value, out);
  for (const { options } of useForms) if (options) addNames(options, out);
  return [...out];
}

function tablesIn({ calls, queries, loads, gives }: ClauseOfModule): readonly string[] {
  const out = new Set<string>();
  for (const { source } of queries) if ("table" in source) out.add(source.table);
  for (const from of [gives?.from, ...loads.map(({ query }) => query?.from)])
    if (from?.kind === "table") out.add(from.name);
  for (const { name, args } of calls) if (QUERYING.test(name)) for (const arg of args) addNames(arg, out);
  return [...out];
}

function addTables(sql: string, out: Set<string>): void {
  for (const [, table] of sql.matchAll(IN_SQL)) if (table) out.add(table);
}

/** The strings in a value that may name a table, and the tables in those that are SQL. */
function addNames(value: Shape, out: Set<string>): void {
  switch (value.kind) {
    case "string":
      if (/^\w+$/.test(value.value)) out.add(value.value);
      else addTables(value.value, out);
      return;
    case "call":
      for (const arg of value.args) addNames(arg, out);
      return;
    case "list":
    case "tuple":
      for (const item of value.items) addNames(item, out);
      return;
    case "keyword":
      for (const [, entry] of value.entries) addNames(entry, out);
  }
}
