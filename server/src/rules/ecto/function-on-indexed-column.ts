import { projectRule } from "../../lint/rule.ts";
import { queries } from "../../project/database/queries.ts";
import { type Table, tables, tablesCalled } from "../../project/database/tables.ts";

export default projectRule({
  id: "ecto/function-on-indexed-column",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  summary: "A condition puts a function around a column, so the column's index does not serve it.",
  check(cx) {
    const all = cx.read(tables);
    for (const query of cx.read(queries)) {
      const [table, other] = query.wrapped.length > 0 ? tablesCalled(all, query.table) : [];
      if (!table || other) continue;
      for (const { at, column, expression } of query.wrapped) {
        const index = plainIndex(table, column);
        if (!index) continue;
        const isTime = /date|extract|year|month|to_char/i.test(expression);
        const instead = isTime
          ? `compare \`${column}\` with the two ends of the time instead (\`>=\` and \`<\`), or index the expression`
          : `index the expression with \`create index(:${table.name}, ["${expression}"])\`${/^(?:lower|upper)/i.test(expression) ? ", or make the column citext" : ""}`;
        cx.report(
          at,
          `\`${expression}\` cannot use the index on \`${table.name}.${column}\`, so the whole table is read for this condition; ${instead}.`,
        );
      }
    }
  },
});

/**
 * The index on the column itself, where no other could serve an expression of it; null also for a column whose type compares
 * without regard to case, for which nobody needs the function.
 */
function plainIndex(table: Table, column: string): boolean {
  if (table.created === null || !table.complete || table.columns.get(column)?.type === "citext") return false;
  const isExpression = table.indexes.some((index) => index.columns.some((name) => name === null || name === "*"));
  return !isExpression && table.indexes.some((index) => index.columns[0] === column);
}
