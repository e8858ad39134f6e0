import type { ColumnFact } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { adapterFor, adapters } from "../../project/database/adapters.ts";
import { columnsBefore, placeKey } from "../../project/database/columns-before.ts";
import { type Step, stepsUp } from "../../project/database/migration-steps.ts";
import { newTables } from "../../project/database/new-tables.ts";
import { upcoming } from "../../project/database/upcoming.ts";

export default moduleRule({
  id: "migration/not-null-without-default",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary:
    "A column that must not be null, without a default, is added to a table that may have rows: the migration fails.",
  files: ["migration"],
  check(module, cx) {
    // MySQL fills such a column by itself.
    if (!cx.about(upcoming, module) || adapterFor(cx.read(adapters), module) === "Ecto.Adapters.MyXQL") return;
    const isNew = newTables(module);
    let changed = false;
    for (const { clause, operation } of stepsUp(module)) {
      changed ||= changesRows(operation);
      if (operation.kind === "add-timestamps" && operation.required && !isNew(operation.table) && !changed) {
        cx.report(anchor(module, clause, operation.at), added(operation.table, "inserted_at"));
      }
      if (operation.kind !== "alter-table" || isNew(operation.table) || changed) continue;
      for (const column of operation.columns) {
        if (column.nullable !== false || column.filled) continue;
        const at = anchor(module, clause, column.at);
        if (column.action === "add") cx.report(at, added(operation.table, column.name));
        else if (column.action === "modify" && mayHoldNull(cx.read(columnsBefore).get(placeKey(at)))) {
          cx.report(
            at,
            `\`${operation.table}.${column.name}\` may hold nulls, on which this fails, and all of \`${operation.table}\` is read under a lock to find out; fill it first, and have a check constraint validated before this.`,
            { severity: "information" },
          );
        }
      }
    }
  },
});

function added(table: string | null, column: string): string {
  return `\`${table}.${column}\` must not be null and has no default, so this fails as soon as \`${table}\` has a row; give it a default, or add it without \`null: false\`, fill it, and forbid null then.`;
}

/** After it, the table may be empty, or the column filled. */
function changesRows(step: Step["operation"]): boolean {
  if (step.kind === "write") return true;
  return step.kind === "execute" && (step.sql === null || /\b(?:update|delete|truncate|insert)\b/i.test(step.sql));
}

/** What is not known was perhaps always so. */
function mayHoldNull(before: ColumnFact | undefined): boolean {
  return before !== undefined && before.nullable !== false && !before.primaryKey && !before.filled;
}
