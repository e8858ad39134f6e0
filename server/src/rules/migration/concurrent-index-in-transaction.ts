import type { MigrationOperation, ModuleFacts } from "../../facts/facts.ts";
import { anchor, fix, moduleRule } from "../../lint/rule.ts";
import { adapters, onPostgres } from "../../project/database/adapters.ts";
import { outsideOfTransaction } from "../../refactor/migration-attributes.ts";

export default moduleRule({
  id: "migration/concurrent-index-in-transaction",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "An index is built concurrently inside of the migration's transaction, which PostgreSQL refuses.",
  files: ["migration"],
  check(module, cx) {
    if (!isPlainMigration(module) || !onPostgres(cx.read(adapters), module)) return;
    const setting = module.attributes.get("disable_ddl_transaction");
    // A computed value may well be true.
    if (setting && !(setting.kind === "atom" && setting.value !== "true")) return;
    for (const clause of module.clauses) {
      for (const operation of clause.migration) {
        if (!isConcurrent(operation)) continue;
        cx.report(
          anchor(module, clause, operation.at),
          "PostgreSQL refuses to do this concurrently inside of a transaction, and this migration runs in one, so it always fails; set `@disable_ddl_transaction true`.",
          setting ? {} : { fixes: [fix("Run the migration outside of a transaction", outsideOfTransaction)] },
        );
      }
    }
  },
});

/** A migration that nothing but Ecto's own `use` tells how to run. */
function isPlainMigration({ byName, useForms }: ModuleFacts): boolean {
  return (
    ["change", "up", "down"].some((name) => byName.has(name)) &&
    useForms.some(({ use }) => use.module === "Ecto.Migration") &&
    useForms.every(({ use }) => use.module === "Ecto.Migration")
  );
}

const CONCURRENT_SQL = /^\s*(?:create\s+(?:unique\s+)?|drop\s+|re)index\s+(?:\w+\s+)?concurrently\b/i;

function isConcurrent(operation: MigrationOperation): boolean {
  if (operation.kind === "execute") return CONCURRENT_SQL.test(operation.sql ?? "");
  return (operation.kind === "create-index" || operation.kind === "drop-index") && operation.concurrently === true;
}
