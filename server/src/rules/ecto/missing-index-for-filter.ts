import { projectRule } from "../../lint/rule.ts";
import { type Query, queries } from "../../project/database/queries.ts";
import { type Table, tables, tablesCalled } from "../../project/database/tables.ts";

/** Names of columns that have few values: an index on them alone finds too much to be of use. */
const FEW_VALUES = /^(?:is_|has_)|(?:^|_)(?:status|state|type|kind|role|active|enabled|deleted|locale|level|mode)$/;

const SHOWN = 5;

export default projectRule({
  id: "ecto/missing-index-for-filter",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  summary:
    "A column that queries filter or order by has no index: once the table is large, each of them reads all of it.",
  default: "off",
  files: ["code"],
  check(cx) {
    const all = cx.read(tables);
    const missing = new Map<string, Query[]>();
    for (const query of cx.read(queries)) {
      const found = tablesCalled(all, query.table);
      const column = found.length === 1 && found[0] ? unindexed(found[0], query) : null;
      if (column === null) continue;
      const key = `${query.table}.${column}`;
      missing.set(key, [...(missing.get(key) ?? []), query]);
    }
    for (const [key, [first, ...others]] of missing) {
      if (!first) continue;
      const column = key.slice(first.table.length + 1);
      const also =
        others.length === 0
          ? ""
          : others.length === 1
            ? " and in another place"
            : ` and in ${others.length} other places`;
      const does = first.order.includes(column) ? "ordered" : "filtered";
      cx.report(
        first.at,
        `\`${first.table}\` is ${does} by \`${column}\` here${also}, but no index begins with it, so the whole table is read; add one, if the table grows.`,
        { related: others.slice(0, SHOWN).map(({ at }) => ({ at, message: `\`${column}\` is asked for here too` })) },
      );
    }
  },
});

/** The column that the query should find an index for and does not; null when one serves it, or could not help much. */
function unindexed(table: Table, { equal, range, order }: Query): string | null {
  if (table.created === null || !table.complete) return null;
  const filters = [...equal, ...range];
  const asked = filters.length > 0 ? filters : order.slice(0, 1);
  const leading = [table.primaryKey[0], ...table.indexes.map((index) => index.columns[0])];
  // An expression or a computed column may be the one that is asked for.
  if (asked.some((column) => leading.includes(column)) || leading.some((column) => column === null || column === "*"))
    return null;
  const columns = asked.flatMap((name) => table.columns.get(name) ?? []);
  // Foreign keys are `migration/missing-foreign-key-index`'s affair.
  if (columns.some((column) => column.references !== null)) return null;
  const first = columns.find(({ name, type }) => type !== "boolean" && !FEW_VALUES.test(name));
  return first?.name ?? null;
}
