import type { Call, Def, Node } from "../syntax/ast.ts";
import { functionAround } from "../syntax/binding.ts";
import { boundNames, keywordValue } from "../syntax/flow.ts";
import { isAtom, wordsOf } from "../syntax/literals.ts";
import { ancestors, find, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { ColumnFact, MigrationOperation, QueryFact } from "./facts.ts";
import { jsonPathsIn } from "./json-paths.ts";
import { ANY, shapeOf } from "./shape.ts";

const TABLES = new Set(["create", "create_if_not_exists", "alter", "drop", "drop_if_exists", "rename"]);

/** The functions of a repository that write. */
const WRITES = /^(?:insert|update|delete|insert_or_update)(?:_all|!)?$/;

/** Stands for a column that is computed. */
export const ANY_COLUMN = "*";

/** The steps of a function in `module`, in source order. */
export function operationsOf(def: Def, module: string, anchors: Anchors): readonly MigrationOperation[] {
  const parts = def.body ? [def.body, ...def.sections] : def.sections;
  return operationsIn(parts, module, anchors);
}

function operationsIn(parts: readonly Node[], module: string, anchors: Anchors): readonly MigrationOperation[] {
  const out: MigrationOperation[] = [];
  for (const part of parts) {
    visit(part, (node) => {
      const helper = helperOf(node, module, anchors);
      if (helper) out.push(helper);
      if (helper || node.type !== "call") return true;
      if (node.module === "Ecto.Migration" && node.name === "execute") {
        out.push(executeOf(node, module, anchors));
        return false;
      }
      const operation = dataOf(node, anchors) ?? structureOf(node, anchors) ?? timestampsOf(node, anchors);
      if (operation) out.push(operation);
      return true;
    });
  }
  return out.length > 0 ? out : NONE;
}

function executeOf(call: Call, module: string, anchors: Anchors): MigrationOperation {
  const [up, down] = call.args;
  return {
    kind: "execute",
    at: anchors.add(call),
    sql: sqlOf(up),
    queued: true,
    reversible: down !== undefined,
    does: up ? operationsIn([up], module, anchors) : NONE,
    undoes: down ? operationsIn([down], module, anchors) : NONE,
  };
}

const NONE: readonly MigrationOperation[] = [];

/** A call of what may be a function of the module. A variable that is a statement is one too; macros with a block are none. */
function helperOf(node: Node, module: string, anchors: Anchors): MigrationOperation | null {
  const own = (of: string | null): boolean => of === null || of === module;
  if (node.type === "call" && own(node.module) && !node.target && node.name !== "" && node.sections.length === 0) {
    const args = node.args.map((arg) => shapeOf(arg, 1));
    return { kind: "helper", at: anchors.add(node), name: node.name, args };
  }
  if (node.type === "function-reference" && own(node.module)) {
    const args = Array.from({ length: node.arity }, () => ANY);
    return { kind: "helper", at: anchors.add(node), name: node.name, args };
  }
  if (node.type !== "variable" || node.parent?.type !== "block") return null;
  return { kind: "helper", at: anchors.add(node), name: node.name, args: [] };
}

/** What goes to the database at once, by a repository. */
function dataOf(call: Call, anchors: Anchors): MigrationOperation | null {
  if (/^query!?$/.test(call.name)) {
    const sql = sqlOf(call.module === "Ecto.Adapters.SQL" ? call.args[1] : call.args[0]);
    if (sql === null) return null;
    return { kind: "execute", at: anchors.add(call), sql, queued: false, reversible: false, does: NONE, undoes: NONE };
  }
  if (!WRITES.test(call.name) || !isRepo(call)) return null;
  return { kind: "write", at: anchors.add(call), name: call.name, source: sourceOf(call.args[0]) };
}

/** `repo().…`, `Shop.Repo.…`, or a variable of that name. */
function isRepo({ module, target }: Call): boolean {
  if (module !== null) return /(?:^|\.)\w*Repo$/.test(module);
  if (target?.type === "call") return target.name === "repo";
  return target?.type === "variable" && target.name === "repo";
}

/** The first schema or table that a query or struct names. */
function sourceOf(node: Node | undefined): QueryFact["source"] | null {
  const named = node && find(node, (inner) => inner.type === "alias" || inner.type === "string");
  if (named?.type === "alias") return { schema: named.module };
  return named?.type === "string" && named.value !== null ? { table: named.value } : null;
}

function structureOf(call: Call, anchors: Anchors): MigrationOperation | null {
  if (call.module !== "Ecto.Migration") return null;
  if (call.name === "flush") return { kind: "flush", at: anchors.add(call) };
  return TABLES.has(call.name) ? operationOf(call, anchors) : null;
}

function operationOf(call: Call, anchors: Anchors): MigrationOperation | null {
  const object = call.args[0];
  if (!object) return null;
  if (call.name === "rename") return renameOf(call, anchors);
  if (object.type !== "call" || object.module !== "Ecto.Migration") return null;
  const creates = call.name.startsWith("create");
  if (/index$/.test(object.name)) return indexOf(call, object, creates, anchors);
  if (object.name === "constraint") return constraintOf(call, object, creates, anchors);
  if (object.name !== "table") return null;
  const { table, prefix } = tableOf(object);
  if (call.name.startsWith("drop")) return { kind: "drop-table", at: anchors.add(call), table, prefix };
  return {
    kind: creates ? "create-table" : "alter-table",
    at: anchors.add(object),
    table,
    prefix,
    columns: columnsOf(call, anchors),
    primaryKey: !(creates && isAtom(keywordValue(object.args[1], "primary_key"), "false")),
    bare: creates && call.sections.length === 0,
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
  if (from?.type !== "call" || from.name !== "table") return null;
  const { table, prefix } = tableOf(from);
  const to = keywordValue(third ?? second, "to");
  if (table && second?.type === "atom" && to?.type === "atom") {
    return { kind: "rename-column", at: anchors.add(call), table, prefix, column: second.value, to: to.value };
  }
  const target = to?.type === "call" ? tableOf(to).table : null;
  if (table && target) return { kind: "rename-table", at: anchors.add(call), table, prefix, to: target };
  const columns = to?.type === "call" ? NO_NAMES : namesFor(second);
  return { kind: "rename-computed", at: anchors.add(call), tables: namesFor(from.args[0]), columns };
}

const NO_NAMES: readonly string[] = [];

/** The name; for a variable of the function, all names that are written out in it. Null for what it is given. */
function namesFor(node: Node | undefined): readonly string[] | null {
  const name = nameOf(node);
  if (name !== null) return [name];
  const def = node && functionAround(node);
  if (node?.type !== "variable" || def?.type !== "def") return null;
  if (def.params.some((param) => boundNames(param).has(node.name))) return null;
  const names = new Set<string>();
  const add = (root: Node): void =>
    visit(root, (inner) => {
      const written = inner.type === "attribute" ? null : nameOf(inner);
      if (written !== null) names.add(written);
      if (inner.type === "attribute" && inner.value) add(inner.value);
    });
  add(def);
  return [...names];
}

function constraintOf(call: Call, constraint: Call, creates: boolean, anchors: Anchors): MigrationOperation | null {
  const table = nameOf(constraint.args[0]);
  const name = nameOf(constraint.args[1]);
  if (table === null || name === null) return null;
  const options = constraint.args[2];
  return {
    kind: creates ? "create-constraint" : "drop-constraint",
    at: anchors.add(call),
    table,
    prefix: prefixOf(options),
    name,
    check: creates ? sqlOf(keywordValue(options, "check") ?? undefined) : null,
    validated:
      creates && keywordValue(options, "check") !== null && !isAtom(keywordValue(options, "validate"), "false"),
  };
}

function indexOf(call: Call, index: Call, creates: boolean, anchors: Anchors): MigrationOperation {
  const [table, given] = index.args;
  const columns = given?.type === "attribute" && given.value ? given.value : given;
  const options = index.args[2] ?? (columns?.type === "list" && columns.bare ? columns : undefined);
  const list = columns?.type === "list" && !columns.bare ? columns.items : columns ? [columns] : [];
  const words = wordsOf(columns);
  const name = keywordValue(options, "name");
  const named = nameOf(table);
  return {
    kind: creates ? "create-index" : "drop-index",
    at: anchors.add(call),
    table: named,
    prefix: prefixOf(options),
    columns: words ?? list.map((column) => columnName(column)),
    paths: list.flatMap((column) => jsonPathsIn(nameOf(column) ?? "")),
    name: name ? nameOf(name) : named === null ? null : defaultName(named, words ?? list.map(indexed)),
    unique: index.name === "unique_index" || isAtom(keywordValue(options, "unique"), "true"),
    partial: keywordValue(options, "where") !== null,
    concurrently: flagOf(keywordValue(options, "concurrently"), false),
  };
}

/** The name that `Ecto.Migration.index/3` gives an index: `users_lower_email_index` for `["lower(email)"]`. */
function defaultName(table: string, columns: readonly (string | null)[]): string | null {
  if (columns.includes(null)) return null;
  return [table, ...columns, "index"]
    .map((part) => part?.replace(/[^\p{L}\p{N}_]/gu, "_").replace(/_+$/, ""))
    .join("_");
}

/** What stands in the list of an index, as it stands there. */
function indexed(column: Node): string | null {
  return nameOf(column.type === "pair" ? column.value : column);
}

/** `:user_id`, `"user_id"`, `"user_id DESC"`; `asc: :user_id`; null for an expression. */
function columnName(node: Node): string | null {
  if (node.type === "pair") return columnName(node.value);
  if (node.type === "variable") return ANY_COLUMN;
  const name = nameOf(node);
  return name === null ? null : (/^"?(\w+)"?(?:\s+(?:asc|desc|nulls)\b.*)?$/i.exec(name)?.[1] ?? null);
}

const ACTIONS = ["add", "modify", "remove"] as const;

function columnsOf(call: Call, anchors: Anchors): ColumnFact[] {
  const out: ColumnFact[] = [];
  for (const section of call.sections) {
    visit(section, (node) => {
      if (node.type !== "call" || node.module !== "Ecto.Migration") return;
      const [, verb, conditional] = /^(add|modify|remove)(_if_(?:not_)?exists)?$/.exec(node.name) ?? [];
      const action = ACTIONS.find((one) => one === verb);
      const [name, type, options] = node.args;
      if (!action || name?.type !== "atom") return;
      const references = type?.type === "call" && type.name === "references" ? nameOf(type.args[0]) : null;
      out.push({
        name: name.value,
        type: type?.type === "atom" ? type.value : references !== null ? "references" : "",
        at: anchors.add({ start: node.ownStart, end: node.end }),
        references,
        partners: references !== null && type?.type === "call" ? partnersOf(type.args[1]) : NO_NAMES,
        constraint: references !== null && type?.type === "call" ? nameOf(keywordValue(type.args[1], "name")) : null,
        primaryKey: isAtom(keywordValue(options, "primary_key"), "true"),
        action,
        nullable: flagOf(keywordValue(options, "null"), null),
        filled: isFilled(type, options),
        validated: !(type?.type === "call" && isAtom(keywordValue(type.args[1], "validate"), "false")),
        reversible: !conditional && (action === "modify" ? keywordValue(options, "from") !== null : Boolean(type)),
      });
    });
  }
  return out;
}

function partnersOf(options: Node | undefined): readonly string[] {
  const given = keywordValue(options, "with");
  if (given?.type !== "list") return NO_NAMES;
  return given.items.flatMap((item) => (item.type === "pair" && item.key.type === "atom" ? [item.key.value] : []));
}

/** `timestamps()` where a table is altered; in a new table it concerns no row. */
function timestampsOf(call: Call, anchors: Anchors): MigrationOperation | null {
  if (call.module !== "Ecto.Migration" || call.name !== "timestamps") return null;
  const alter = [...ancestors(call)].find(
    (node): node is Call => node.type === "call" && /^(?:alter|create|create_if_not_exists)$/.test(node.name),
  );
  const table = alter?.args[0];
  if (alter?.name !== "alter" || table?.type !== "call") return null;
  const [options] = call.args;
  const required = flagOf(keywordValue(options, "null"), false) === false && !isFilled(undefined, options);
  return { kind: "add-timestamps", at: anchors.add(call), ...tableOf(table), required };
}

/** A computed option may be any, a default too. */
function isFilled(type: Node | undefined, options: Node | undefined): boolean {
  if (type?.type === "atom" && /^(?:small|big)?serial$|^identity$/.test(type.value)) return true;
  if (options && options.type !== "list") return true;
  const given = keywordValue(options, "default");
  return (given !== null && !isAtom(given, "nil")) || keywordValue(options, "generated") !== null;
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

/** The literal, `otherwise` where there is none, null for what is computed. */
function flagOf(node: Node | null, otherwise: boolean | null): boolean | null {
  if (node === null) return otherwise;
  return isAtom(node, "true") ? true : isAtom(node, "false") ? false : null;
}
