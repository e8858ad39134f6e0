import { shortName } from "../../base/module-name.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { joinPreloads } from "../../project/database/join-preloads.ts";
import { preloadApart } from "../../refactor/preload-apart.ts";

export default moduleRule({
  id: "ecto/join-preload-fanout",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary:
    "To-many associations are preloaded through joins, which multiplies the rows or lets `limit` count joined ones.",
  check(module, cx) {
    for (const { clause, fact, schema, many, limited } of cx.about(joinPreloads, module)) {
      const [first] = many;
      if (!first || (many.length < 2 && !limited)) continue;
      const names = many.map(({ name }) => `\`${name}\``).join(" and ");
      const row = shortName(schema);
      const message =
        many.length < 2
          ? `\`limit\` and \`offset\` count the rows of the join with ${names}, not the ${row} rows, so fewer of those come back and the last one is cut off; preload ${names} by a query of its own.`
          : `Joins with ${names} of the same ${row} bring back every combination of their rows; preload all but one of them by a query of its own.`;
      const apart = many.length < 2 ? many : many.slice(1);
      cx.report(anchor(module, clause, fact.at), message, {
        ...(limited ? { severity: "warning" as const } : {}),
        related: many.map(({ name, at }) => ({ at: anchor(module, clause, at), message: `\`${name}\`, from a join` })),
        fixes: [
          suggest(
            `Preload ${apart.map(({ name }) => `\`${name}\``).join(" and ")} by a query of its own (an inner join left out rows without any)`,
            preloadApart(apart.map(({ name }) => name)),
          ),
        ],
      });
    }
  },
});
