import type { Severity } from "../../base/diagnostic.ts";
import type { ColumnFact } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { adapterFor, adapters } from "../../project/database/adapters.ts";
import { columnsBefore, placeKey } from "../../project/database/columns-before.ts";
import { type Step, stepsUp } from "../../project/database/migration-steps.ts";
import { emptyBefore, newTables, tableBirths } from "../../project/database/new-tables.ts";
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
    const births = cx.read(tableBirths);
    const [isNew, isEmptyBefore] = [newTables(module, births), emptyBefore(module, births)];
    // Who gets beyond the first such column has no rows: the others fail nowhere.
    const empty = new Set<string | null>();
    const isEmpty = (table: string | null): boolean => isNew(table) || isEmptyBefore(table) || empty.has(table);
    let changed = false;
    for (const { clause, operation } of stepsUp(module)) {
      changed ||= changesRows(operation);
      if (operation.kind === "add-timestamps" && operation.required && !isEmpty(operation.table) && !changed) {
        cx.report(anchor(module, clause, operation.at), added(operation.table, ["inserted_at", "updated_at"]));
        empty.add(operation.table);
      }
      if (operation.kind !== "alter-table" || isEmpty(operation.table) || changed) continue;
      const { table } = operation;
      const required = operation.columns.filter(({ nullable, filled }) => nullable === false && !filled);
      // One word for all columns of a block.
      const report = (columns: readonly ColumnFact[], word: typeof added, severity: Severity): void => {
        const [first, ...others] = columns.map(({ at }) => anchor(module, clause, at));
        const names = columns.map(({ name }) => name);
        const related = others.map((at, k) => ({ at, message: `\`${table}.${names[k + 1]}\` as well` }));
        if (first) cx.report(first, word(table, names), { severity, related });
      };
      const adds = required.filter(({ action }) => action === "add");
      if (adds.length > 0) {
        report(adds, added, "warning");
        empty.add(table);
        continue;
      }
      const before = (column: ColumnFact): ColumnFact | undefined =>
        cx.read(columnsBefore).get(placeKey(anchor(module, clause, column.at)));
      report(
        required.filter((column) => column.action === "modify" && mayHoldNull(before(column))),
        forbidden,
        "information",
      );
    }
  },
});

function added(table: string | null, columns: readonly string[]): string {
  const many = columns.length > 1;
  const [have, it] = many ? ["have", "them"] : ["has", "it"];
  return `${listed(table, columns)} must not be null and ${have} no default, so this fails as soon as \`${table}\` has a row; give ${it} a default, or add ${it} without \`null: false\`, fill ${it}, and forbid null then.`;
}

function forbidden(table: string | null, columns: readonly string[]): string {
  const it = columns.length > 1 ? "them" : "it";
  return `${listed(table, columns)} may hold nulls, on which this fails, and all of \`${table}\` is read under a lock to find out; fill ${it} first, and have a check constraint validated before this.`;
}

/** "`orders.note`", "`orders.note` and `orders.state`", "`orders.note` and 5 more columns" */
function listed(table: string | null, [first, second, ...more]: readonly string[]): string {
  const [one, two] = [`\`${table}.${first}\``, `\`${table}.${second}\``];
  if (second === undefined) return one;
  return more.length > 0 ? `${one} and ${more.length + 1} more columns` : `${one} and ${two}`;
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
