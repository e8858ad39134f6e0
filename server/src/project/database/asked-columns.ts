import { sameSet } from "../../base/same-items.ts";
import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { ClauseMemo } from "../clause-memo.ts";
import type { View } from "../project.ts";
import { queries } from "./queries.ts";
import { columnOf, defaultKey, schemas } from "./schemas.ts";

/**
 * The columns that the code looks rows up by: in conditions and joins of queries, as the key of a `has_many` or `has_one`, and in the
 * table of a `many_to_many`.
 */
export interface AskedColumns {
  /** True too for a table of which the code says nothing, and where a query asks a table that is not known for such a column. */
  has(table: string, column: string): boolean;
  /** What is said of each table, as `table.column`; `table.` where it is named at all. */
  readonly said: ReadonlySet<string>;
}

export const askedColumns: View<AskedColumns> = {
  name: "asked columns",
  slices: [...new Set([...queries.slices, ...schemas.slices, "functions" as const])],
  compute(facts, previous) {
    const known = facts.read(schemas);
    const said = new Set(facts.collect(tablesOf));
    for (const { table, equal, range } of facts.read(queries)) {
      said.add(`${table}.`);
      for (const column of [...equal, ...range]) said.add(`${table}.${column}`);
    }
    for (const { schema, table, column } of facts.collect(lookups)) {
      const owner = schema === null ? null : known.of(schema);
      const name = schema === null ? table : owner?.source;
      if (name) said.add(`${name}.`).add(`${name}.${columnOf(owner, column)}`);
    }
    if (previous && sameSet(previous.said, said)) return previous;
    const says = (table: string, column: string): boolean => said.has(`${table}.${column}`);
    return {
      said,
      has: (table, column) => !says(table, "") || says(table, ANY) || says(table, column) || says(ANY, column),
    };
  },
};

/** Stands for a table that is not known, and for a column. */
const ANY = "*";

/** A column that rows are looked up by: of a schema, or, where that is null, of a table. */
interface LookupBy {
  readonly schema: string | null;
  readonly table: string;
  readonly column: string;
}

function tablesOf({ schema, fileClass }: ModuleFacts): readonly string[] {
  return schema?.source && fileClass === "code" ? [`${schema.source}.`] : [];
}

function lookups(module: ModuleFacts, memo: ClauseMemo): readonly LookupBy[] {
  const keys = (module.schema?.associations ?? []).flatMap(({ kind, related, foreignKey, joinTable }): LookupBy[] => {
    const own = defaultKey(module.name);
    // Which key of the table between is the owner's, `join_keys:` may say.
    if (kind === "many_to_many") return [{ schema: null, table: joinTable ?? ANY, column: joinTable ? ANY : own }];
    return /^has_/.test(kind) ? [{ schema: related, table: ANY, column: foreignKey ?? own }] : [];
  });
  return [...keys, ...memo.all(conditionsOn, module)];
}

/** Conditions say more than queries do: `is_nil(x.left_at)`, and `x.owner_id == ^id` of a query that is handed in. */
function conditionsOn({ conditions }: ClauseOfModule): readonly LookupBy[] {
  return conditions.flatMap(({ query: { from }, wheres }) => {
    const schema = from?.kind === "schema" ? from.name : null;
    const table = from?.kind === "table" ? from.name : ANY;
    const parts = wheres.flatMap((where) => where.parts).join(" ");
    return [...parts.matchAll(/\bx\.(\w+)/g)].map(([, column = ""]) => ({ schema, table, column }));
  });
}
