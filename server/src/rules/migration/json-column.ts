import { projectRule, suggest } from "../../lint/rule.ts";
import { adapters, onPostgres } from "../../project/database/adapters.ts";
import { tables } from "../../project/database/tables.ts";

export default projectRule({
  id: "migration/json-column",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "A column of the type `json`, which cannot be compared or indexed, where `jsonb` can.",
  files: ["migration"],
  check(cx) {
    const known = cx.read(adapters);
    for (const table of cx.read(tables).values()) {
      // What is kept to show what was sent must stay as it was, blanks and order included.
      if (/audit|log|archive/.test(table.name)) continue;
      for (const column of table.columns.values()) {
        if (column.type !== "json" || !onPostgres(known, column.at)) continue;
        cx.report(
          column.at,
          `\`${table.name}.${column.name}\` is \`json\`, which PostgreSQL cannot compare or index: \`DISTINCT\`, \`UNION\` and \`GROUP BY\` fail on it; make it \`:jsonb\`, by a new migration where this one has run.`,
          {
            fixes: [
              suggest("Make it `:jsonb` here, before the migration runs", (source) => {
                const add = source.node(source.at);
                const type = add?.type === "call" ? add.args[1] : undefined;
                return type?.type === "atom" ? [source.replace(type, ":jsonb")] : null;
              }),
            ],
          },
        );
      }
    }
  },
});
