import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { adapters, onPostgres } from "../../project/database/adapters.ts";
import { migrationHabits } from "../../project/database/migration-habits.ts";
import { type Step, stepsUp } from "../../project/database/migration-steps.ts";
import { newTables, tableBirths } from "../../project/database/new-tables.ts";
import { upcoming } from "../../project/database/upcoming.ts";
import { concurrently } from "../../refactor/migration-attributes.ts";

export default moduleRule({
  id: "migration/index-not-concurrent",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary:
    "An index on a table that is in use is built without `concurrently: true`: nobody can write to it meanwhile.",
  files: ["migration"],
  requires: { ecto_sql: "3.0.0" },
  default: "off",
  check(module, cx) {
    if (!cx.about(upcoming, module) || !onPostgres(cx.read(adapters), module)) return;
    const { concurrently: habit, tracked } = cx.read(migrationHabits);
    if (!habit && !tracked) return;
    const related = habit ? [{ at: habit, message: "Here the project does it concurrently" }] : [];
    const isNew = newTables(module, cx.read(tableBirths));
    const steps = stepsUp(module);
    // What else the migration does would no longer be undone when it fails half-way.
    const fixes = steps.every(isIndex) ? [suggest("Do it concurrently, outside of a transaction", concurrently)] : [];
    for (const { clause, operation } of steps) {
      if (operation.kind !== "create-index" && operation.kind !== "drop-index") continue;
      const { kind, table, columns } = operation;
      if (operation.concurrently !== false || table === null || isNew(table)) continue;
      const index = `the index on \`${table}\` (${columns.map((column) => column ?? "…").join(", ")})`;
      const message =
        kind === "create-index"
          ? `Building ${index} blocks all writes to \`${table}\` until it is done; in a migration of its own, build it with \`concurrently: true\`.`
          : `Dropping ${index} waits for all queries of \`${table}\` that run, and all others wait behind it; in a migration of its own, drop it with \`concurrently: true\`.`;
      cx.report(anchor(module, clause, operation.at), message, { fixes, related });
    }
  },
});

function isIndex({ operation: { kind } }: Step): boolean {
  return kind === "create-index" || kind === "drop-index";
}
