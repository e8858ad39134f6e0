import { anchor, moduleRule } from "../../lint/rule.ts";
import { adapters, onPostgres } from "../../project/database/adapters.ts";
import { dataUnderLock } from "../../project/database/data-under-lock.ts";
import { tableBirths } from "../../project/database/new-tables.ts";
import { schemas } from "../../project/database/schemas.ts";
import { singleRowTables } from "../../project/database/single-row-tables.ts";
import { upcoming } from "../../project/database/upcoming.ts";

export default moduleRule({
  id: "migration/data-and-ddl-mixed",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary:
    "A migration changes a table's structure and then rows, in one transaction: the table is locked all the while.",
  files: ["migration"],
  check(module, cx) {
    if (!cx.about(upcoming, module) || !onPostgres(cx.read(adapters), module)) return;
    const setting = module.attributes.get("disable_ddl_transaction");
    if (setting && !(setting.kind === "atom" && setting.value !== "true")) return;
    const tableOf = (schema: string): string | null => cx.read(schemas).of(schema)?.source ?? null;
    const found = dataUnderLock(module, cx.read(tableBirths), tableOf, cx.read(singleRowTables));
    if (!found) return;
    const { data, lock, table } = found;
    const use = lock.operation.kind === "create-index" ? "write to it" : "use it";
    cx.report(
      anchor(module, data.clause, data.operation.at),
      `\`${table}\` has been changed before this in the same transaction, so nobody can ${use} until these rows are written too; write them in a migration of its own.`,
      {
        related: [
          { at: anchor(module, lock.clause, lock.operation.at), message: `From here on \`${table}\` is locked` },
        ],
      },
    );
  },
});
