import { jsonPathsIn } from "../../facts/json-paths.ts";
import {
  type Draft,
  type Drafts,
  dropConstraint,
  dropIndex,
  removeColumn,
  renameColumn,
  renameIndex,
} from "./table-drafts.ts";

/** `public.`, or `#{@schema}.`, before a name. */
const SCHEMA = String.raw`(?:"?(?:\w+|#\{[^{}]*\})"?\.)?`;
const CREATE_INDEX = new RegExp(
  String.raw`^\s*create\s+(unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(?:"?(\w+)"?\s+)?on\s+(?:only\s+)?${SCHEMA}"?(\w+)"?\s*(?:using\s+\w+\s*)?\(((?:[^()]|\([^()]*\))*)\)(.*)`,
  "is",
);
const RENAME_INDEX = new RegExp(
  String.raw`^\s*alter\s+index\s+(?:if\s+exists\s+)?${SCHEMA}"?(\w+)"?\s+rename\s+to\s+"?(\w+)`,
  "i",
);
const DROP_TABLE = new RegExp(String.raw`^\s*drop\s+table\s+(?:if\s+exists\s+)?${SCHEMA}"?(\w+)"?`, "i");
const ALTER_TABLE = new RegExp(
  String.raw`^\s*alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${SCHEMA}"?(\w+)"?\s+(.*)`,
  "is",
);

/** Statements whose first words say that they leave indexes and constraints alone. */
const OTHER =
  /^\s*(?:update|insert|delete|select|comment|(?:create|drop)\s+(?:or\s+replace\s+)?(?:constraint\s+)?(?:trigger|function|procedure|type|view))\b/i;

/** The statements of a text that may matter to tables, without the bodies of functions; that of a `DO` runs at once. */
function statementsOf(sql: string): string[] {
  const code = /^\s*do\b/i.test(sql) ? sql : sql.replace(/\$(\w*)\$.*?\$\1\$/gs, "''");
  return code.split(";").filter((statement) => !OTHER.test(statement));
}

/** The columns of an index in SQL; null for an expression. */
function columnsOf(list: string): (string | null)[] {
  return list
    .split(",")
    .map((column) => /^\s*"?(\w+)"?(?:\s+(?:asc|desc|nulls|\w+_ops)\b.*)?\s*$/i.exec(column)?.[1] ?? null);
}

/** Does to the tables what a text of SQL does. */
export function execute(drafts: Drafts, sql: string): void {
  for (const one of statementsOf(sql)) statement(drafts, one);
}

/** One statement of SQL. What cannot be read of a table's indexes or constraints makes it incomplete. */
function statement(drafts: Drafts, sql: string): void {
  const index = CREATE_INDEX.exec(sql);
  if (index) {
    const [unique, given, table = "", list = "", rest = ""] = index.slice(1) as (string | undefined)[];
    const columns = columnsOf(list);
    const name = given ?? `${table}_${columns.join("_")}_idx`;
    drafts.table(table, null).indexes.push({
      columns,
      paths: jsonPathsIn(list),
      unique: unique !== undefined,
      partial: /\bwhere\b/i.test(rest),
      name,
    });
    return;
  }
  const dropped = /^\s*drop\s+index\s+(?:concurrently\s+)?(?:if\s+exists\s+)?(.+)/is.exec(sql)?.[1];
  if (dropped) {
    const names = dropped.match(/\w+/g) ?? [];
    for (const draft of drafts.all()) for (const name of names) dropIndex(draft, [], name);
    return;
  }
  const [, old, name] = RENAME_INDEX.exec(sql) ?? [];
  if (old && name) {
    for (const draft of drafts.all()) renameIndex(draft, old, name);
    return;
  }
  const table = DROP_TABLE.exec(sql)?.[1];
  if (table) {
    drafts.drop(table, null);
    return;
  }
  const [, changed, action = ""] = ALTER_TABLE.exec(sql) ?? [];
  const altered = changed ? drafts.table(changed, null) : null;
  if (altered && alter(drafts, altered, action)) return;
  if (!/\b(index|constraint|primary\s+key)\b/i.test(sql)) return;
  for (const draft of altered ? [altered] : drafts.all())
    if (new RegExp(`\\b${draft.name}\\b`).test(sql)) draft.complete = false;
}

/** `ALTER TABLE`: true when it was read. */
function alter(drafts: Drafts, draft: Draft, action: string): boolean {
  if (/^(?:add\s+(?:constraint\s+"?\w+"?\s+)?check|validate|alter\s+column)\b/i.test(action)) return true;
  const table = /^rename\s+to\s+"?(\w+)/i.exec(action)?.[1];
  if (table) drafts.rename(draft.name, draft.prefix, table);
  const [, from, to] = /^rename\s+(?:column\s+)?"?(?!constraint\b)(\w+)"?\s+to\s+"?(\w+)/i.exec(action) ?? [];
  if (from && to) renameColumn(draft, from, to);
  const column = /^drop\s+(?:column\s+)?(?:if\s+exists\s+)?"?(?!constraint\b)(\w+)"?\s*(?:cascade\s*)?$/i.exec(
    action,
  )?.[1];
  if (column) removeColumn(draft, column);
  const constraint = /^drop\s+constraint\s+(?:if\s+exists\s+)?"?(\w+)"?\s*(?:cascade\s*)?$/i.exec(action)?.[1];
  if (constraint) dropConstraint(draft, constraint);
  const [, given, kind, columns] =
    /^add\s+(?:constraint\s+"?(\w+)"?\s+)?(primary\s+key|unique)\s*\(([^()]*)\)[^()]*$/i.exec(action) ?? [];
  if (columns && /^p/i.test(kind ?? "")) {
    draft.primaryKey = columnsOf(columns).map((name) => name ?? "");
    draft.primaryKeyName = given ?? `${draft.name}_pkey`;
  } else if (columns) {
    const list = columnsOf(columns);
    const name = given ?? `${draft.name}_${list.join("_")}_key`;
    draft.indexes.push({ columns: list, paths: [], unique: true, partial: false, name });
  }
  const [, by, index] = /^add\s+constraint\s+"?(\w+)"?\s+unique\s+using\s+index\s+"?(\w+)/i.exec(action) ?? [];
  if (by && index) renameIndex(draft, index, by);
  const [, old, name] = /^rename\s+constraint\s+"?(\w+)"?\s+to\s+"?(\w+)/i.exec(action) ?? [];
  if (old && name) renameIndex(draft, old, name);
  for (const key of draft.columns.values()) {
    if (name && key.constraint === old) draft.columns.set(key.name, { ...key, constraint: name });
  }
  return Boolean(table ?? from ?? column ?? constraint ?? columns ?? by ?? name);
}
