import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { adapters, usesOnly } from "../../project/database/adapters.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { taint, wayTo } from "../../project/security/taint.ts";
import { originOf } from "../../project/security/untrusted.ts";
import { parameterized } from "../../refactor/parameterized.ts";

export default moduleRule({
  id: "security/sql-injection",
  category: "security",
  severity: "warning",
  since: "0.1.0",
  summary: "Values are put into the text of an SQL statement, where what they hold is read as SQL.",
  check(module, cx) {
    const isPostgres = usesOnly(cx.read(adapters), "Ecto.Adapters.Postgres");
    for (const { clause, call, sink, hops, ofParameter } of cx.about(taint, module)) {
      if (sink.kind !== "sql") continue;
      const text = clause.quotedValues.find(({ at }) => at === call.at);
      if (!hops && !(ofParameter && text)) continue;
      const what = hops ? originOf(hops) : `\`${text?.name}\`, between quotes`;
      cx.report(
        anchor(module, clause, call.at),
        `The SQL that \`${nameOfCall(call)}\` runs holds ${what}: whoever chooses it can end the text and go on with SQL of their own; pass values as parameters (\`$1\` or \`?\`).`,
        {
          related: hops ? wayTo(hops) : [],
          fixes: text
            ? [suggest("Pass the values as parameters", (source) => parameterized(source, isPostgres ? "$" : "?"))]
            : [],
        },
      );
    }
  },
});
