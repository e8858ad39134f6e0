import type { Call, Def, Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { ColumnFact, MigrationOperation } from "./facts.ts";

const TABLES = new Set(["create", "create_if_not_exists", "alter", "drop", "drop_if_exists", "rename", "execute"]);

/** The steps of a migration's function, in source order. `down` undoes, so it says nothing about the tables there are. */
export function operationsOf(def: Def, anchors: Anchors): MigrationOperation[] {
  if (def.name === "down" || !def.body) return [];
  const out: MigrationOperation[] = [];
  visit(def.body, (node) => {
    if (node.type !== "call" || node.module !== "Ecto.Migration" || !TABLES.has(node.name)) return;
    const operation = operationOf(node, anchors);
    if (operation) out.push(operation);
  });
  return out;
}

function operationOf(call: Call, anchors: Anchors): MigrationOperation | null {
  const object = call.args[0];
  if (!object) return null;
  if (call.name === "execute") {
    return { kind: "execute", at: anchors.add(call), sql: object.type === "string" ? object.value : null };
  }
  if (call.name === "rename") return renameOf(call, anchors);
  if (object.type !== "call" || object.module !== "Ecto.Migration") return null;
  const creates = call.name.startsWith("create");
  if (/index$/.test(object.name)) return indexOf(call, object, creates, anchors);
  if (object.name !== "table") return null;
  const { table, prefix } = tableOf(object);
  if (call.name.startsWith("drop")) return { kind: "drop-table", at: anchors.add(call), table, prefix };
  return {
    kind: creates ? "create-table" : "alter-table",
    at: anchors.add(object),
    table,
    prefix,
    columns: columnsOf(call, anchors),
    primaryKey: !(creates && isFalse(keywordValue(object.args[1], "primary_key"))),
  };
}

function renameOf(call: Call, anchors: Anchors): MigrationOperation | null {
  const [from, second, third] = call.args;
  const table = from?.type === "call" ? tableOf(from).table : null;
  if (!table) return null;
  const to = keywordValue(third ?? second, "to");
  if (second?.type === "atom" && to?.type === "atom") {
    return { kind: "rename-column", at: anchors.add(call), table, column: second.value, to: to.value };
  }
  const target = to?.type === "call" ? tableOf(to).table : null;
  return target ? { kind: "rename-table", at: anchors.add(call), table, to: target } : null;
}

function indexOf(call: Call, index: Call, creates: boolean, anchors: Anchors): MigrationOperation {
  const [table, columns] = index.args;
  const options = index.args[2] ?? (columns?.type === "list" && columns.bare ? columns : undefined);
  const list = columns?.type === "list" && !columns.bare ? columns.items : columns ? [columns] : [];
  const name = keywordValue(options, "name");
  return {
    kind: creates ? "create-index" : "drop-index",
    at: anchors.add(call),
    table: nameOf(table),
    prefix: prefixOf(options),
    columns: list.map((column) => columnName(column)),
    name: nameOf(name),
    unique: index.name === "unique_index" || isTrue(keywordValue(options, "unique")),
    partial: keywordValue(options, "where") !== null,
  };
}

/** `:user_id`, `"user_id"`, `"user_id DESC"`; `asc: :user_id`; null for an expression. */
function columnName(node: Node): string | null {
  if (node.type === "pair") return nameOf(node.value);
  const name = nameOf(node);
  return name === null ? null : (/^"?(\w+)"?(?:\s+(?:asc|desc|nulls)\b.*)?$/i.exec(name)?.[1] ?? null);
}

function columnsOf(call: Call, anchors: Anchors): ColumnFact[] {
  const out: ColumnFact[] = [];
  for (const section of call.sections) {
    visit(section, (node) => {
      if (node.type !== "call" || node.module !== "Ecto.Migration") return;
      const action = /^(add|modify|remove)(?:_if_(?:not_)?exists)?$/.exec(node.name)?.[1] as
        | ColumnFact["action"]
        | undefined;
      const [name, type, options] = node.args;
      if (!action || name?.type !== "atom") return;
      const references = type?.type === "call" && type.name === "references" ? nameOf(type.args[0]) : null;
      out.push({
        name: name.value,
        type: type?.type === "atom" ? type.value : references !== null ? "references" : "",
        at: anchors.add({ start: node.ownStart, end: node.end }),
        references,
        primaryKey: isTrue(keywordValue(options, "primary_key")),
        action,
      });
    });
  }
  return out;
}

function tableOf(call: Call): { table: string | null; prefix: string | null } {
  return { table: nameOf(call.args[0]), prefix: prefixOf(call.args[1]) };
}

/** A computed prefix counts as none: tables are often made without it and indexed with it, by the repository's settings. */
function prefixOf(options: Node | undefined): string | null {
  return nameOf(keywordValue(options, "prefix"));
}

function nameOf(node: Node | null | undefined): string | null {
  if (node?.type === "atom") return node.value;
  if (node?.type === "attribute") return nameOf(node.value);
  return node?.type === "string" ? node.value : null;
}

function isTrue(node: Node | null): boolean {
  return node?.type === "atom" && node.value === "true";
}

function isFalse(node: Node | null): boolean {
  return node?.type === "atom" && node.value === "false";
}
