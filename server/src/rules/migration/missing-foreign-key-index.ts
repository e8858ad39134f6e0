import { type Fix, projectRule, suggest } from "../../lint/rule.ts";
import { type Column, type Table, tables } from "../../project/tables.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { ancestors } from "../../syntax/visit.ts";

export default projectRule({
  id: "migration/missing-foreign-key-index",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A foreign key column without an index: joins, preloads and deletes of the parent scan the whole table.",
  files: ["migration"],
  check(cx) {
    for (const table of cx.read(tables).values()) {
      if (!table.complete) continue;
      for (const column of table.columns.values()) {
        if (column.references === null || isIndexed(table, column.name)) continue;
        cx.report(
          column.at,
          `\`${table.name}.${column.name}\` references \`${column.references}\` but no migration indexes it, so joins, preloads and deletes of \`${column.references}\` rows scan \`${table.name}\`; add an index.`,
          { fixes: [suggest(`Create an index on \`${table.name}.${column.name}\``, createIndex(table, column))] },
        );
      }
    }
  },
});

/** An index serves a column when it is the first of it. A partial one was made by somebody who knew the queries. */
function isIndexed(table: Table, column: string): boolean {
  return table.primaryKey[0] === column || table.indexes.some((index) => index.columns[0] === column);
}

/** `create index` after the block that adds the column, in the same migration. */
function createIndex(table: Table, column: Column): Fix["edits"] {
  return (source) => {
    const add = source.node(source.at);
    const block = add && [...ancestors(add)].find(isTableBlock);
    if (!block) return null;
    const prefix = table.prefix === null ? "" : `, prefix: ${JSON.stringify(table.prefix)}`;
    const indent = source.indentation(block);
    return [source.insertAfter(block, `\n\n${indent}create index(:${table.name}, [:${column.name}]${prefix})`)];
  };
}

function isTableBlock(node: Node): node is Call {
  return node.type === "call" && /^(create|create_if_not_exists|alter)$/.test(node.name);
}
