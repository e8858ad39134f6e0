import { shortName } from "../../base/module-name.ts";
import type { SchemaField } from "../../facts/facts.ts";
import { entry } from "../../facts/shape.ts";
import { anchor, fix, moduleRule } from "../../lint/rule.ts";
import { columnsOf, isHeavy } from "../../project/database/columns.ts";
import { type Load, loads } from "../../project/database/loads.ts";
import { repos } from "../../project/database/repos.ts";
import { selectInQuery } from "../../refactor/select-in-query.ts";

/** So many columns beside those that are read make it worth while: in lists, and in a single row that holds documents. */
const UNUSED = 3;
const UNUSED_OF_HEAVY = 10;
const MOST_READ = 2;
const TIMESTAMP = /^(?:inserted|updated)_at$/;

/** Clauses with which a query no longer gives whole rows, or gives others when columns are chosen. */
const OTHER_ROWS = /^(?:select|select_merge|preload|distinct|group_by|lock|update|union|union_all|except|intersect)/;

export default moduleRule({
  id: "ecto/select-needed-columns",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "Whole rows are loaded for one or a few of their columns, where `select` could ask for those alone.",
  check(module, cx) {
    const isRepo = cx.read(repos);
    for (const load of cx.about(loads, module)) {
      const fields = load.direct && isRepo(load.fact.module ?? "") ? fieldsAlone(load) : null;
      if (!fields) continue;
      const { clause, fact } = load;
      if (asksWhetherThere(load, fields)) continue;
      const schema = shortName(load.schema);
      const named = fields.map((field) => `\`${field}\``).join(" and ");
      const select = fields.length === 1 ? `select: x.${fields[0]}` : `select: {x.${fields.join(", x.")}}`;
      const rows = fact.many ? `whole ${schema} rows` : `the whole row of a ${schema}`;
      const are = fields.length === 1 ? "is" : "are";
      cx.report(
        anchor(module, clause, fact.at),
        `\`${fact.module?.split(".").at(-1)}.${fact.name}\` loads ${rows}, of which only ${named} ${are} used; ask for that with \`${select}\`.`,
        {
          related: fact.reads.map((read) => ({
            at: anchor(module, clause, read.at),
            message: `\`${read.field}\` is read here`,
          })),
          fixes: fact.many ? [fix("Select the column in the query", selectInQuery)] : [],
        },
      );
    }
  },
});

/** The columns that are read of rows which go nowhere else; null where there are others, too many, or little to spare. */
function fieldsAlone(load: Load): readonly string[] | null {
  const { fact, declares, says, preloads } = load;
  const many = isOfMany(load);
  // One row by its key is there at once; `get` would become a query for that.
  if (!fact.many && /^get!?$/.test(fact.name)) return null;
  if (fact.goes.length > 0 || fact.reads.length === 0 || preloads?.length !== 0) return null;
  if (says.some((name) => OTHER_ROWS.test(name)) || declares.source === null) return null;
  const fields = [...new Set(fact.reads.map(({ field }) => field))];
  const columns = columnsOf(declares);
  if (!fields.every((field) => columns.has(field) || TIMESTAMP.test(field)) || fields.length > (many ? MOST_READ : 1))
    return null;
  // What is asked for may well be most of the row.
  if (isHeavy({ associations: [], fields: declares.fields.filter(({ name }) => fields.includes(name)) })) return null;
  if (!many && (!isHeavy(declares) || declares.fields.some(isFlag(fields)))) return null;
  const least = many ? UNUSED : UNUSED_OF_HEAVY;
  return columns.size - fields.length >= least ? fields : null;
}

/** False for one row, also where it comes in a list: `limit: 1`. */
function isOfMany({ fact, clause, says }: Load): boolean {
  const { limits } = clause;
  const isOne = limits.length > 0 && limits.every((limit) => limit.kind === "number" && limit.value === "1");
  return fact.many && !(isOne && says.includes("limit"));
}

/** True where it matters whether the row is there: a pattern says so, or it is got by the very column that is read of it. */
function asksWhetherThere({ clause, fact, declares }: Load, fields: readonly string[]): boolean {
  // `%Order{code: code} = Repo.get_by(…)`: of a column alone, nil would be taken for its value.
  if (!fact.many && fact.asserted && !fact.name.endsWith("!")) return true;
  const gets = clause.calls.filter(({ module, name }) => module === fact.module && name === fact.name);
  if (/^get!?$/.test(fact.name)) return fields.every((field) => declares.primaryKey.includes(field));
  return (
    /^get_by!?$/.test(fact.name) && fields.every((field) => gets.every(({ args }) => entry(args[1], field) !== null))
  );
}

/** A flag of a single row: no row, null and false would be one. */
function isFlag(fields: readonly string[]): (field: SchemaField) => boolean {
  return ({ name, type }) => type === "boolean" && fields.includes(name);
}
