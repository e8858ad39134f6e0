import { ANY_COLUMN } from "../../facts/migration.ts";
import { type Fix, projectRule, suggest } from "../../lint/rule.ts";
import { adapters, usesOnly } from "../../project/database/adapters.ts";
import { askedColumns } from "../../project/database/asked-columns.ts";
import { singleRowTables } from "../../project/database/single-row-tables.ts";
import { type Column, type Table, tables } from "../../project/database/tables.ts";
import { usedTables } from "../../project/database/used-tables.ts";
import { packages } from "../../project/packages.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { keywordValue } from "../../syntax/flow.ts";
import { ancestors } from "../../syntax/visit.ts";

/** A column for who did something. It is read from the row; only a query or a `has_many` asks what somebody did. */
const SAYS_WHO =
  /(?:^|_)by(?:_(?:account|actor|admin|author|character|customer|employee|member|person|player|staff|user))?(?:_id)?$/;

export default projectRule({
  id: "migration/missing-foreign-key-index",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A foreign key column without an index: joins, preloads and deletes of the parent scan the whole table.",
  files: ["migration"],
  check(cx) {
    // InnoDB makes an index for each foreign key itself.
    if (usesOnly(cx.read(adapters), "Ecto.Adapters.MyXQL")) return;
    // The demo of a library has the rows that its seeds make.
    const { mix } = cx.read(packages);
    if (mix?.example && mix.nested) return;
    const used = cx.read(usedTables);
    const asked = cx.read(askedColumns);
    for (const table of cx.read(tables).values()) {
      // Nobody reads or deletes the rows of a table that the code has left behind, and one row is soon read.
      if (!table.complete || !used.has(table.name) || cx.read(singleRowTables).has(table.name)) continue;
      for (const column of table.columns.values()) {
        if (column.references === null || !used.has(column.references) || isIndexed(table, column)) continue;
        const isAsked = asked.has(table.name, column.name);
        if (SAYS_WHO.test(column.name) && !isAsked) continue;
        const dropped = table.dropped.some((index) => index.columns[0] === column.name);
        const why = dropped ? "its index was dropped" : "no index begins with it";
        // The database itself looks for the rows that refer to one that is deleted.
        const scans = isAsked ? "joins, preloads and deletes" : "deletes and key changes";
        cx.report(
          column.at,
          `\`${table.name}.${column.name}\` references \`${column.references}\` but ${why}, so ${scans} of \`${column.references}\` rows scan \`${table.name}\`; add an index.`,
          {
            fixes: [suggest(`Create an index on \`${table.name}.${column.name}\``, createIndex)],
            // Who dropped it may know that the parent's rows are never deleted nor joined from.
            ...(dropped || !isAsked ? { severity: "information" as const } : {}),
          },
        );
      }
    }
  },
});

/**
 * An index serves a column when it is the first of it; a foreign key of several columns, when these are the first in any order. A
 * partial one was made by somebody who knew the queries.
 */
function isIndexed(table: Table, { name, partners }: Column): boolean {
  const serves = (columns: readonly (string | null)[]): boolean => {
    const first = columns.slice(0, 1 + partners.length);
    return (
      columns[0] === name ||
      columns[0] === ANY_COLUMN ||
      (first.includes(name) && first.every((column) => column === name || partners.includes(column ?? "")))
    );
  };
  return serves(table.primaryKey) || table.indexes.some(({ columns }) => serves(columns));
}

/** `create index` after the block that adds the column, under the names that table and column have there. */
const createIndex: Fix["edits"] = (source) => {
  const add = source.node(source.at);
  const block = add && [...ancestors(add)].find(isTableBlock);
  const table = block?.args[0];
  const name = table?.type === "call" ? table.args[0] : undefined;
  const column = add?.type === "call" ? add.args[0] : undefined;
  if (!block || table?.type !== "call" || !name || !column) return null;
  const prefix = keywordValue(table.args[1], "prefix");
  const options = prefix ? `, prefix: ${source.text(prefix)}` : "";
  const index = `create index(${source.text(name)}, [${source.text(column)}]${options})`;
  return [source.insertAfter(block, `\n\n${source.indentation(block)}${index}`)];
};

function isTableBlock(node: Node): node is Call {
  return node.type === "call" && /^(create|create_if_not_exists|alter)$/.test(node.name);
}
