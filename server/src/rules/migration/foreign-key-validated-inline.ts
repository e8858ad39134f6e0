import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { adapters, onPostgres } from "../../project/database/adapters.ts";
import { migrationHabits } from "../../project/database/migration-habits.ts";
import { stepsUp } from "../../project/database/migration-steps.ts";
import { migrations, nextMigration } from "../../project/database/migrations.ts";
import { newTables, tableBirths } from "../../project/database/new-tables.ts";
import { upcoming } from "../../project/database/upcoming.ts";
import { validateLater } from "../../refactor/validate-later.ts";

export default moduleRule({
  id: "migration/foreign-key-validated-inline",
  category: "reliability",
  severity: "hint",
  since: "0.1.0",
  summary: "A constraint on a table that is in use is validated at once: writes wait until all of its rows are read.",
  files: ["migration"],
  requires: { ecto_sql: "3.5.0" },
  check(module, cx) {
    if (!cx.about(upcoming, module) || !onPostgres(cx.read(adapters), module)) return;
    const { validatesLater: habit, concurrently: mindful, tracked } = cx.read(migrationHabits);
    if (!habit && !mindful && !tracked) return;
    const related = habit ? [{ at: habit, message: "Here the project validates later" }] : [];
    const isNew = newTables(module, cx.read(tableBirths));
    const added: string[] = [];
    for (const { clause, operation } of stepsUp(module)) {
      if (operation.kind === "alter-table") added.push(...operation.columns.map(({ name }) => name));
      if (operation.kind === "create-constraint" && operation.validated && !isNew(operation.table)) {
        // A column that is added here holds the same in all rows.
        if (added.some((name) => new RegExp(`\\b${name}\\b`).test(operation.check ?? ""))) continue;
        const { table, name, prefix } = operation;
        const next = nextMigration(cx.read(migrations), module.path);
        cx.report(
          anchor(module, clause, operation.at),
          `The constraint \`${name}\` is checked on every row of \`${table}\` at once, while nobody can read or write it; create it with \`validate: false\`, and validate it in a migration after this.`,
          { related, fixes: next ? [suggest(LATER, validateLater(next, { table, prefix, constraint: name }))] : [] },
        );
      }
      if (operation.kind !== "alter-table" || isNew(operation.table)) continue;
      const { table, prefix } = operation;
      for (const column of operation.columns) {
        if (table === null || column.references === null || column.action === "remove" || !column.validated) continue;
        const constraint = column.constraint ?? `${table}_${column.name}_fkey`;
        const next = nextMigration(cx.read(migrations), module.path);
        cx.report(
          anchor(module, clause, column.at),
          `The foreign key \`${table}.${column.name}\` is checked on every row of \`${table}\` at once, while writes to it and to \`${column.references}\` wait; create it with \`validate: false\`, and validate it in a migration after this.`,
          { related, fixes: next ? [suggest(LATER, validateLater(next, { table, prefix, constraint }))] : [] },
        );
      }
    }
  },
});

const LATER = "Validate it in a migration after this";
