import { shortName } from "../../base/module-name.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { type Load, loads } from "../../project/database/loads.ts";
import { repos } from "../../project/database/repos.ts";
import { limitRows } from "../../refactor/limit-rows.ts";

/** Clauses that leave rows out, or make few of many. */
const BOUNDS = /^(?:where|or_where|limit|offset|having|or_having|first|last|distinct|group_by)$|join$/;
/** Functions whose argument is kept as long as the page is open, or sent. */
const KEPT = new Map([
  ["assign", "the assigns"],
  ["assign_new", "the assigns"],
  ["stream", "the page"],
  ["render", "the page"],
  ["json", "the answer"],
]);
const STATE = /^(?:init|handle_(?:call|cast|info|continue))$/;

export default moduleRule({
  id: "ecto/unbounded-all",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary:
    "A whole table is loaded into assigns, a response or a state: it grows with the table until memory or time runs out.",
  default: "off",
  check(module, cx) {
    const isRepo = cx.read(repos);
    const isServer = module.uses.some((use) => use.module === "GenServer");
    for (const load of cx.about(loads, module)) {
      const { fact, clause, declares, says } = load;
      const state = isServer && STATE.test(clause.name) && fact.goes.includes("return") ? "the state" : undefined;
      const into = state ?? fact.goes.map((name) => KEPT.get(name)).find((kept) => kept !== undefined);
      if (!fact.many || !into || says.some((name) => BOUNDS.test(name)) || !isByRepo(load, isRepo)) continue;
      const callee = fact.module === null ? fact.name : `${shortName(fact.module)}.${fact.name}`;
      cx.report(
        anchor(module, clause, fact.at),
        `\`${callee}\` loads every row of \`${declares.source}\` into ${into}, which grows with the table; give the query a \`limit\` and load page by page.`,
        { fixes: load.direct ? [suggest("Load the first 50 rows only", limitRows)] : [] },
      );
    }
  },
});

function isByRepo({ direct, fact }: Load, isRepo: (module: string) => boolean): boolean {
  return !direct || isRepo(fact.module ?? "");
}
