import { shortName } from "../../base/module-name.ts";
import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isMigration } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { type NamedModule, namedIn } from "../../project/database/named-modules.ts";
import { packages } from "../../project/packages.ts";
import { tableInstead } from "../../refactor/table-instead.ts";

export default moduleRule({
  id: "migration/schema-in-migration",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "A migration uses a schema of the application, which will be another one when the migration runs again.",
  files: ["migration"],
  check(module, cx) {
    if (!isMigration(module) || cx.read(packages).structure) return;
    const named = namedIn(module);
    for (const name of new Set(named.map((place) => place.name))) {
      const [first, ...others] = named.filter((place) => place.name === name);
      const schema = first && schemaCalled(first, module, cx);
      if (!schema || (schema !== "gone" && [first, ...others].every(({ clause }) => onlyTakesBack(clause)))) continue;
      const table = schema === "gone" ? null : (schema.schema?.source ?? null);
      const message =
        schema === "gone"
          ? `\`${name}\` is no longer there, so this migration fails wherever it has yet to run: on every new database; name the table instead, or define a small schema inside the migration.`
          : `\`${name}\` changes with the application, and what this migration does with it: on a new database it runs with the fields, types and table that \`${shortName(name)}\` has by then, or fails; use the table \`"${table}"\`, or define a small schema inside the migration.`;
      const places = others.map(({ clause, at }) => anchor(module, clause, at));
      cx.report(anchor(module, first.clause, first.at), message, {
        related: places.map((at) => ({ at, message: `\`${name}\` is used here too` })),
        fixes: table === null ? [] : [suggest(`Query the table \`${table}\``, tableInstead(name, table, places))],
      });
    }
  },
});

/** True for a way back that only deletes rows in the database: no new database goes it, and it needs no more than the table. */
function onlyTakesBack({ name, calls }: ClauseOfModule): boolean {
  const loads = /^(?:all|one|get|get_by|stream|preload|reload|insert|insert_all|insert_or_update|update|update_all)!?$/;
  return name === "down" && !calls.some((call) => loads.test(call.name));
}

/** The schema of the application that a migration names; "gone" for what only a schema can be, and nobody defines. */
function schemaCalled(
  { name, certain }: NamedModule,
  migration: ModuleFacts,
  cx: ViewContext,
): ModuleFacts | "gone" | null {
  const found = cx.named(name);
  const [app] = migration.name.split(".");
  if (found.length === 0) return certain && name.startsWith(`${app}.`) ? "gone" : null;
  // One that stands beside a migration is frozen with it.
  if (found.some(({ fileClass }) => fileClass === "migration")) return null;
  // Nobody queries an embedded schema: it is a default value, or a part of a row.
  return found.find(({ schema }) => schema !== null && schema.source !== null) ?? null;
}
