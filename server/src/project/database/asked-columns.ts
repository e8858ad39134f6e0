import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import type { View } from "../project.ts";
import { defaultKey, type Schemas, schemas } from "./schemas.ts";

/**
 * The columns that the code looks rows up by: in conditions and joins of queries, as the key of a `has_many` or `has_one`, and in the
 * table of a `many_to_many`.
 */
export interface AskedColumns {
  /** True too for a table of which the code says nothing, and where a query asks a table that is not known for such a column. */
  has(table: string, column: string): boolean;
  readonly names: readonly string[];
  readonly schemas: Schemas;
}

export const askedColumns: View<AskedColumns> = {
  name: "asked columns",
  slices: ["schemas", "queries", "functions"],
  compute(facts, previous) {
    const names = facts.collect(columnsAskedBy);
    const known = facts.read(schemas);
    if (previous?.names === names && previous.schemas === known) return previous;
    const all = new Set(names);
    const tables = new Set(names.map((name) => name.slice(0, name.lastIndexOf("."))));
    const has = (table: string, column: string): boolean => {
      const owners = known.on(table).map(({ module }) => module);
      if ((owners.length === 0 && !tables.has(table)) || all.has(`${table}.${ANY}`)) return true;
      return [ANY, table, ...owners].some((source) => all.has(`${source}.${column}`));
    };
    return { names, schemas: known, has };
  },
};

/** Stands for a table or schema that is not known. */
const ANY = "*";

/** As `table.column` or `Schema.column`. */
function columnsAskedBy(module: ModuleFacts, memo: ClauseMemo): readonly string[] {
  const keys = (module.schema?.associations ?? []).flatMap(({ kind, related, foreignKey, joinTable }) => {
    // Which key of the table between is the owner's, `join_keys:` may say.
    if (kind === "many_to_many")
      return [joinTable === null ? `${ANY}.${defaultKey(module.name)}` : `${joinTable}.${ANY}`];
    return /^has_/.test(kind) ? [`${related ?? ANY}.${foreignKey ?? defaultKey(module.name)}`] : [];
  });
  return [...new Set([...keys, ...memo.all(columnsIn, module)])];
}

function columnsIn({ queries, conditions }: ClauseOfModule): readonly string[] {
  return [
    ...queries.flatMap(({ source, equal, range }) => {
      const name = "table" in source ? source.table : source.schema;
      return [...equal, ...range].map((column) => `${name}.${column}`);
    }),
    ...conditions.flatMap(({ query: { from }, wheres }) => {
      const name = from?.kind === "schema" || from?.kind === "table" ? from.name : ANY;
      const parts = wheres.flatMap((where) => where.parts);
      return parts.flatMap((part) => [...part.matchAll(/\bx\.(\w+)/g)].map(([, column]) => `${name}.${column}`));
    }),
  ];
}
