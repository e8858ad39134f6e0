import { anchor, moduleRule, type ViewContext } from "../../lint/rule.ts";
import { adapterFor, adapters } from "../../project/database/adapters.ts";
import { type Step, stepsUp } from "../../project/database/migration-steps.ts";
import { newTables, tableBirths } from "../../project/database/new-tables.ts";
import { columnPlace, schemas } from "../../project/database/schemas.ts";
import { tables, tablesCalled } from "../../project/database/tables.ts";
import { upcoming } from "../../project/database/upcoming.ts";

export default moduleRule({
  id: "migration/rename-or-drop-in-use",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "A column or table is renamed or dropped that the code still uses: its queries fail.",
  files: ["migration"],
  check(module, cx) {
    if (!cx.about(upcoming, module)) return;
    const isNew = newTables(module, cx.read(tableBirths));
    // A file beside the one server that has it open, which is stopped before its successor starts.
    const isLocal = adapterFor(cx.read(adapters), module) === "Ecto.Adapters.SQLite3";
    const seen = new Set<string>();
    const added = new Set<string>();
    // Names that it gives to tables: nobody has asked for these before.
    const given = new Set<string>();
    const steps = stepsUp(module);
    for (const { clause, operation } of steps) {
      if (operation.kind === "alter-table")
        for (const { name, action } of operation.columns) if (action === "add") added.add(`${operation.table}.${name}`);
      for (const { at, table, column, to } of goneBy(operation)) {
        if (isNew(table) || added.has(`${table}.${column}`) || livesOn(table, column, steps)) continue;
        const what = column === null ? `\`${table}\`` : `\`${table}.${column}\``;
        const user = isBack(table, column, cx) ? null : userOf(table, column, cx);
        if (user) {
          const instead =
            to === null ? "take it out of the code, and deploy that, before" : `let the code use \`${to}\``;
          cx.report(
            anchor(module, clause, at),
            `\`${user.module}\` still uses ${what}, so its queries fail as soon as this has run; ${instead}.`,
            { severity: "warning", related: [{ at: user.at, message: `${what} is used here` }] },
          );
          continue;
        }
        const isAsked = to !== null && !isLocal && !given.has(table) && !seen.has(table);
        if (to !== null && column === null) given.add(to);
        const renamed = !isAsked ? null : column ? userOf(table, to, cx) : userOf(to, null, cx);
        if (!renamed) continue;
        // One word for all that is renamed in the table.
        seen.add(table);
        const instead = column === null ? `schema "${table}"` : `source: :${column}`;
        cx.report(
          anchor(module, clause, at),
          `While this is deployed, servers that still run ask for ${what} and fail; keep the name in the database, and use another in the code by \`${instead}\`.`,
          { related: [{ at: renamed.at, message: `\`${to}\` is used here` }] },
        );
      }
    }
  },
});

/** What a step takes away: a table, or a column of one; `to` is its new name, if it gets one. */
function goneBy(step: Step["operation"]): { at: number; table: string; column: string | null; to: string | null }[] {
  switch (step.kind) {
    case "drop-table":
      return step.table === null ? [] : [{ at: step.at, table: step.table, column: null, to: null }];
    case "rename-table":
      return [{ at: step.at, table: step.table, column: null, to: step.to }];
    case "rename-column":
      return [{ at: step.at, table: step.table, column: step.column, to: step.to }];
    case "alter-table": {
      const { table } = step;
      if (table === null) return [];
      const removed = step.columns.filter(({ action }) => action === "remove");
      return removed.map(({ at, name }) => ({ at, table, column: name, to: null }));
    }
    default:
      return [];
  }
}

/** True where the same migration gives the old name to something else that can be asked: a new column, or a view. */
function livesOn(table: string, column: string | null, steps: readonly Step[]): boolean {
  return steps.some(({ operation }) => {
    if (operation.kind === "alter-table" && column !== null)
      return operation.table === table && operation.columns.some((one) => one.action === "add" && one.name === column);
    const view = operation.kind === "execute" && column === null ? VIEW.exec(operation.sql ?? "") : null;
    return view?.[1] === table;
  });
}

const VIEW = /^\s*create\s+(?:or\s+replace\s+)?view\s+(?:\w+\.)?"?(\w+)"?/i;

/** True when the migrations leave one of that name after all. */
function isBack(table: string, column: string | null, cx: ViewContext): boolean {
  const left = tablesCalled(cx.read(tables), table);
  return column === null
    ? left.some(({ created }) => created !== null)
    : left.some(({ columns }) => columns.has(column));
}

/** A schema that is of the table, and has a field for the column. */
function userOf(table: string, column: string | null, cx: ViewContext) {
  for (const { module, path, schema } of cx.read(schemas).on(table)) {
    const at = column === null ? schema.at : columnPlace(schema, column);
    if (at !== null) return { module, at: anchor({ path }, schema, at) };
  }
  return null;
}
