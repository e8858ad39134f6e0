import { calls, type FormContext, formRule, suggest } from "../../lint/rule.ts";
import { rawQueryOf, schemalessQuery } from "../../refactor/schemaless-query.ts";
import { subqueryInstead } from "../../refactor/subquery-instead.ts";
import type { Call } from "../../syntax/ast.ts";
import { importedFrom } from "../../syntax/env.ts";
import { subselectOf } from "../../syntax/subselect.ts";

export default formRule({
  id: "ecto/raw-sql-query",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary: "SQL is run as text where a query would do: its rows are untyped, and nothing checks or composes it.",
  query: calls("*.query", "*.query!", "fragment"),
  check(call, cx) {
    if (call.name === "fragment") return checkFragment(call, cx);
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

function checkFragment(call: Call, cx: FormContext): void {
  const subselect = subselectOf(call);
  if (!subselect) return;
  const instead = subselect.isExists ? "`exists` with a query" : "`subquery`";
  cx.report(
    { start: call.ownStart, end: call.end },
    `This fragment holds a whole SELECT on \`${subselect.table}\`: no schema knows its columns, nothing in it is cast, and a \`prefix\` of the query does not reach it; ${instead} says the same, with \`parent_as\` for the row outside.`,
    {
      requires: { ecto: subselect.since },
      fixes:
        importedFrom(cx.env, "from") === "Ecto.Query"
          ? [suggest(`Query \`${subselect.table}\` with \`from\``, subqueryInstead, { ecto: subselect.since })]
          : [],
    },
  );
}
