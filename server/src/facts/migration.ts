import type { Call, Def, Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { ColumnFact, MigrationOperation } from "./facts.ts";

const TABLES = new Set(["create", "create_if_not_exists", "alter", "drop", "drop_if_exists", "rename", "execute"]);

/** `down` and what it is split into: it undoes, so it says nothing about the tables there are. */
const DOWN = /(?:^|_)down(?:_|$|\d)/;

/** Stands for a column that is computed. */
export const ANY_COLUMN = "*";

/** The steps of a migration's function, in source order. */
export function operationsOf(def: Def, anchors: Anchors): MigrationOperation[] {
  if (!def.body || DOWN.test(def.name ?? "")) return [];
  const out: MigrationOperation[] = [];
  visit(def.body, (node) => {
    if (node.type !== "call") return;
    if (/^query!?$/.test(node.name)) {
      const sql = sqlOf(node.module === "Ecto.Adapters.SQL" ? node.args[1] : node.args[0]);
      if (sql !== null) out.push({ kind: "execute", at: anchors.add(node), sql });
      return;
    }
    if (node.module !== "Ecto.Migration" || !TABLES.has(node.name)) return;
    const operation = operationOf(node, anchors);
    if (operation) out.push(operation);
  });
  return out;
}

function operationOf(call: Call, anchors: Anchors): MigrationOperation | null {
  const object = call.args[0];
  if (!object) return null;
  if (call.name === "execute") return { kind: "execute", at: anchors.add(call), sql: sqlOf(object) };
  if (call.name === "rename") return renameOf(call, anchors);
  if (object.type !== "call" || object.module !== "Ecto.Migration") return null;
  const creates = call.name.startsWith("create");
  if (/index$/.test(object.name)) return indexOf(call, object, creates, anchors);
  if (object.name === "constraint") return creates ? null : constraintOf(call, object, anchors);
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
  if (from?.type === "call" && /index$/.test(from.name)) {
    const index = indexOf(call, from, false, anchors);
    const to = nameOf(keywordValue(second, "to"));
    if (index.kind !== "drop-index" || index.table === null || index.name === null || to === null) return null;
    return { kind: "rename-index", at: index.at, table: index.table, prefix: index.prefix, name: index.name, to };
  }
  const { table, prefix } = from?.type === "call" ? tableOf(from) : { table: null, prefix: null };
  if (!table) return null;
  const to = keywordValue(third ?? second, "to");
  if (second?.type === "atom" && to?.type === "atom") {
    return { kind: "rename-column", at: anchors.add(call), table, prefix, column: second.value, to: to.value };
  }
  const target = to?.type === "call" ? tableOf(to).table : null;
  return target ? { kind: "rename-table", at: anchors.add(call), table, prefix, to: target } : null;
}

function constraintOf(call: Call, constraint: Call, anchors: Anchors): MigrationOperation | null {
  const table = nameOf(constraint.args[0]);
  const name = nameOf(constraint.args[1]);
  if (table === null || name === null) return null;
  return { kind: "drop-constraint", at: anchors.add(call), table, prefix: prefixOf(constraint.args[2]), name };
}

function indexOf(call: Call, index: Call, creates: boolean, anchors: Anchors): MigrationOperation {
  const [table, given] = index.args;
  const columns = given?.type === "attribute" && given.value ? given.value : given;
  const options = index.args[2] ?? (columns?.type === "list" && columns.bare ? columns : undefined);
  const list = columns?.type === "list" && !columns.bare ? columns.items : columns ? [columns] : [];
  const name = keywordValue(options, "name");
  const named = nameOf(table);
  return {
    kind: creates ? "create-index" : "drop-index",
    at: anchors.add(call),
    table: named,
    prefix: prefixOf(options),
    columns: list.map((column) => columnName(column)),
    name: name ? nameOf(name) : named === null ? null : defaultName(named, list),
    unique: index.name === "unique_index" || isTrue(keywordValue(options, "unique")),
    partial: keywordValue(options, "where") !== null,
  };
}

/** The name that `Ecto.Migration.index/3` gives an index: `users_lower_email_index` for `["lower(email)"]`. */
function defaultName(table: string, columns: readonly Node[]): string | null {
  const names = columns.map((column) => nameOf(column.type === "pair" ? column.value : column));
  if (names.includes(null)) return null;
  return [table, ...names, "index"].map((part) => part?.replace(/[^\p{L}\p{N}_]/gu, "_").replace(/_+$/, "")).join("_");
}

/** `:user_id`, `"user_id"`, `"user_id DESC"`; `asc: :user_id`; null for an expression. */
function columnName(node: Node): string | null {
  if (node.type === "pair") return columnName(node.value);
  if (node.type === "variable") return ANY_COLUMN;
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
        constraint: references !== null && type?.type === "call" ? nameOf(keywordValue(type.args[1], "name")) : null,
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

/** SQL as text; an interpolated string is not known, in `~s(…)` what is interpolated stays as it is written. */
function sqlOf(node: Node | undefined): string | null {
  if (node?.type === "sigil") return /^[sS]$/.test(node.name) ? node.content : null;
  if (node?.type === "binary" && node.operator === "<>") {
    const [left, right] = [sqlOf(node.left), sqlOf(node.right)];
    return left === null || right === null ? null : left + right;
  }
  if (node?.type === "attribute") return sqlOf(node.value ?? undefined);
  return node?.type === "string" ? node.content : null;
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
