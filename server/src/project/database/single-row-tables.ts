import { sameSet } from "../../base/same-items.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";
import { stepsUp } from "./migration-steps.ts";
import { migrations } from "./migrations.ts";

/**
 * The names of tables that hold one row by their making: the primary key is a boolean with a default, and a check says which it must be,
 * as `create constraint(:settings, :one_row, check: "one_row")`.
 */
export const singleRowTables: View<ReadonlySet<string>> = {
  name: "single row tables",
  slices: ["migrations"],
  compute(facts, previous) {
    const found = new Set(facts.read(migrations).flatMap((module) => facts.once(singleIn, module)));
    return previous !== null && sameSet(previous, found) ? previous : found;
  },
};

function singleIn(module: ModuleFacts): readonly string[] {
  const steps = stepsUp(module).map(({ operation }) => operation);
  return steps.flatMap((step) => {
    if (step.kind !== "create-table" || step.table === null || step.primaryKey) return [];
    const { table, columns } = step;
    const [key, other] = columns.filter(({ primaryKey }) => primaryKey);
    if (!key || other || key.type !== "boolean" || !key.filled) return [];
    const isChecked = steps.some(
      (check) =>
        check.kind === "create-constraint" &&
        check.table === table &&
        new RegExp(`^\\W*${key.name}\\W*(?:=\\s*true\\W*|is\\s+true\\W*)?$`, "i").test(check.check ?? ""),
    );
    return isChecked ? [table] : [];
  });
}
