import { calls, formRule, suggest } from "../../lint/rule.ts";
import { rawQueryOf, schemalessQuery } from "../../refactor/schemaless-query.ts";
import { importedFrom } from "../../syntax/env.ts";

export default formRule({
  id: "ecto/raw-sql-query",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary: "SQL is run as text where a query would do: its rows are untyped, and nothing checks or composes it.",
  query: calls("*.query", "*.query!"),
  check(call, cx) {
    const raw = rawQueryOf(call);
    if (!raw) return;
    const { verb, table, select } = raw.statement;
    const instead = verb === "SELECT" ? "all" : verb === "UPDATE" ? "update_all" : "delete_all";
    const callee = cx.text({ start: call.calleeStart, end: call.calleeEnd });
    cx.report(
      { start: call.ownStart, end: call.end },
      `\`${callee}\` runs this ${verb} on \`${table}\` as text: Ecto neither checks it nor casts what goes in and comes out, and nothing can be added to it; \`Repo.${instead}\` with a query says the same.`,
      {
        fixes:
          select && importedFrom(cx.env, "from") === "Ecto.Query"
            ? [suggest(`Query \`${table}\` with \`from\``, schemalessQuery)]
            : [],
      },
    );
  },
});
