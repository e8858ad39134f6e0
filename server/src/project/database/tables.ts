import type { Anchor, ColumnFact, ModuleFacts } from "../../facts/facts.ts";
import { jsonPathsIn } from "../../facts/json-paths.ts";
import type { View } from "../project.ts";
import { type Step, stepsUp } from "./migration-steps.ts";
import { migrations } from "./migrations.ts";

export interface Index {
  /** Null for an expression, and for a column whose name is not known. */
  readonly columns: readonly (string | null)[];
  /** The keys of JSON columns among its expressions: see `facts/json-paths.ts`. */
  readonly paths: readonly string[];
  readonly unique: boolean;
  readonly partial: boolean;
  /** As the database has it; null when it is computed. */
  readonly name: string | null;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  /** The table that it refers to, or null. */
  readonly references: string | null;
  /** The other columns of its foreign key. */
  readonly partners: readonly string[];
  /** The name of the foreign key's constraint, were it one. */
  readonly constraint: string;
  readonly at: Anchor;
}

/** A table as all migrations leave it. */
export interface Table {
  readonly name: string;
  readonly prefix: string | null;
  readonly columns: ReadonlyMap<string, Column>;
  readonly primaryKey: readonly string[];
  readonly indexes: readonly Index[];
  /** Indexes that only made reading quick, and were dropped. */
  readonly dropped: readonly Index[];
  /** The names of unique indexes that were dropped. */
  readonly freed: readonly string[];
  /** The constraint of the primary key, as PostgreSQL names it. */
  readonly primaryKeyName: string;
  /** Where a migration creates it; null when only what was changed about it is known. */
  readonly created: Anchor | null;
  /** False when a step that could not be read may touch its indexes, constraints or columns' names. */
  readonly complete: boolean;
}

interface Draft {
  name: string;
  prefix: string | null;
  columns: Map<string, Column>;
  primaryKey: string[];
  indexes: Index[];
  dropped: Index[];
  freed: string[];
  primaryKeyName: string;
  created: Anchor | null;
  complete: boolean;
}

/**
 * The tables that the migrations leave, by `prefix.table`, replayed in the order of the files' names. Applications of an
 * umbrella have databases of their own; a table that two of them have is there twice.
 */
export const tables: View<ReadonlyMap<string, Table>> = {
  name: "tables",
  slices: ["migrations"],
  compute(facts) {
    const out = new Map<string, Table>();
    for (const [database, modules] of byDatabase(facts.read(migrations))) {
      const replay = new Replay();
      for (const module of modules) replay.module(module, facts.once(stepsUp, module));
      for (const [key, table] of replay.tables()) out.set(out.has(key) ? `${database}${key}` : key, table);
    }
    return out;
  },
};

/** By the application whose `priv/` they are in; what stands elsewhere helps the migrations of the only one, if there is one. */
function byDatabase(modules: readonly ModuleFacts[]): ReadonlyMap<string, readonly ModuleFacts[]> {
  const folders = modules.map(({ path }) => /^.*?\/priv\//.exec(path)?.[0] ?? null);
  const named = new Set(folders.filter((folder) => folder !== null));
  const [only] = named.size === 1 ? named : [];
  const out = new Map<string, ModuleFacts[]>();
  for (const [i, module] of modules.entries()) {
    const folder = folders[i] ?? only ?? "";
    const known = out.get(folder);
    if (known) known.push(module);
    else out.set(folder, [module]);
  }
  return out;
}

/** The tables of that name, whatever their prefix. */
export function tablesCalled(all: ReadonlyMap<string, Table>, name: string): Table[] {
  return [...all.values()].filter((table) => table.name === name);
}

class Replay {
  private readonly drafts = new Map<string, Draft>();

  tables(): ReadonlyMap<string, Table> {
    return this.drafts;
  }

  module({ path }: ModuleFacts, steps: readonly Step[]): void {
    for (const { clause, operation } of steps) {
      this.step(operation, (at) => ({ path, form: clause.form, at }));
    }
  }

  private step(step: Step["operation"], place: (at: number) => Anchor): void {
    switch (step.kind) {
      case "create-table":
      case "alter-table": {
        if (step.table === null) return;
        const draft = this.draft(step.table, step.prefix);
        if (step.kind === "create-table") {
          draft.created = place(step.at);
          if (step.primaryKey && draft.primaryKey.length === 0) draft.primaryKey.push("id");
        }
        for (const column of step.columns) this.column(draft, column, place);
        return;
      }
      case "drop-table":
        if (step.table !== null) this.drafts.delete(key(step.table, step.prefix));
        return;
      case "rename-table":
        this.renameTable(step.table, step.prefix, step.to);
        return;
      case "rename-computed":
        for (const draft of this.drafts.values()) {
          if (!(step.tables?.includes(draft.name) ?? true)) continue;
          if (step.columns?.length === 0) draft.complete = false;
          else forgetColumns(draft, step.columns);
        }
        return;
      case "rename-column":
        renameColumn(this.draft(step.table, step.prefix), step.column, step.to);
        return;
      case "rename-index":
        renameIndex(this.draft(step.table, step.prefix), step.name, step.to);
        return;
      case "drop-constraint":
        dropConstraint(this.draft(step.table, step.prefix), step.name);
        return;
      case "create-index": {
        const { columns, paths, unique, partial, name } = step;
        // Of a computed table: one of those there are.
        const drafts = step.table === null ? this.drafts.values() : [this.draft(step.table, step.prefix)];
        for (const draft of drafts) draft.indexes.push({ columns, paths, unique, partial, name });
        return;
      }
      case "drop-index":
        if (step.table !== null) dropIndex(this.draft(step.table, step.prefix), step.columns, step.name);
        return;
      case "execute":
        if (step.sql !== null) for (const statement of statementsOf(step.sql)) this.execute(statement);
    }
  }

  private draft(name: string, prefix: string | null): Draft {
    let draft = this.drafts.get(key(name, prefix));
    if (!draft) {
      draft = {
        name,
        prefix,
        columns: new Map(),
        primaryKey: [],
        primaryKeyName: `${name}_pkey`,
        indexes: [],
        dropped: [],
        freed: [],
        created: null,
        complete: true,
      };
      this.drafts.set(key(name, prefix), draft);
    }
    return draft;
  }

  private column(draft: Draft, fact: ColumnFact, place: (at: number) => Anchor): void {
    if (fact.action === "remove") {
      removeColumn(draft, fact.name);
      return;
    }
    const before = draft.columns.get(fact.name);
    const references = fact.references ?? before?.references ?? null;
    const partners = fact.references === null ? (before?.partners ?? fact.partners) : fact.partners;
    const constraint = fact.constraint ?? before?.constraint ?? `${draft.name}_${fact.name}_fkey`;
    // The place of a foreign key is where it was last declared one: that is the declaration in force.
    const at = before?.type === FOREIGN_KEY && fact.references === null ? before.at : place(fact.at);
    draft.columns.set(fact.name, {
      name: fact.name,
      type: references === null ? fact.type : FOREIGN_KEY,
      references,
      partners,
      constraint,
      at,
    });
    if (fact.primaryKey && !draft.primaryKey.includes(fact.name)) draft.primaryKey.push(fact.name);
  }

  /** Foreign keys follow their table. */
  private renameTable(from: string, prefix: string | null, to: string): void {
    const renamed = this.drafts.get(key(from, prefix));
    if (!renamed) return;
    this.drafts.delete(key(from, prefix));
    this.drafts.set(key(to, prefix), { ...renamed, name: to });
    for (const { columns } of this.drafts.values()) {
      for (const column of columns.values()) {
        if (column.references === from) columns.set(column.name, { ...column, references: to });
      }
    }
  }

  /** One statement of SQL. What cannot be read of a table's indexes or constraints makes it incomplete. */
  private execute(sql: string): void {
    const index = CREATE_INDEX.exec(sql);
    if (index) {
      const [unique, given, table = "", list = "", rest = ""] = index.slice(1) as (string | undefined)[];
      const columns = columnsOf(list);
      const name = given ?? `${table}_${columns.join("_")}_idx`;
      this.draft(table, null).indexes.push({
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
      for (const draft of this.drafts.values()) for (const name of names) dropIndex(draft, [], name);
      return;
    }
    const [, old, name] = RENAME_INDEX.exec(sql) ?? [];
    if (old && name) {
      for (const draft of this.drafts.values()) renameIndex(draft, old, name);
      return;
    }
    const table = DROP_TABLE.exec(sql)?.[1];
    if (table) {
      this.drafts.delete(key(table, null));
      return;
    }
    const alter = ALTER_TABLE.exec(sql);
    const altered = alter?.[1] ? this.draft(alter[1], null) : null;
    if (altered && this.alter(altered, alter?.[2] ?? "")) return;
    if (!/\b(index|constraint|primary\s+key)\b/i.test(sql)) return;
    for (const draft of altered ? [altered] : this.drafts.values())
      if (new RegExp(`\\b${draft.name}\\b`).test(sql)) draft.complete = false;
  }

  /** `ALTER TABLE`: true when it was read. */
  private alter(draft: Draft, action: string): boolean {
    if (/^(?:add\s+(?:constraint\s+"?\w+"?\s+)?check|validate|alter\s+column)\b/i.test(action)) return true;
    const table = /^rename\s+to\s+"?(\w+)/i.exec(action)?.[1];
    if (table) this.renameTable(draft.name, draft.prefix, table);
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
}

const FOREIGN_KEY = "references";

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

function removeColumn(draft: Draft, name: string): void {
  draft.columns.delete(name);
  draft.indexes = draft.indexes.filter((index) => !index.columns.includes(name));
}

function renameColumn(draft: Draft, from: string, to: string): void {
  const column = draft.columns.get(from);
  if (column) {
    draft.columns.delete(from);
    draft.columns.set(to, { ...column, name: to });
  }
  const renamed = (name: string | null): string | null => (name === from ? to : name);
  // An index keeps the name it was given by the columns as they were then.
  draft.indexes = draft.indexes.map((index) => ({ ...index, columns: index.columns.map(renamed) }));
  draft.primaryKey = draft.primaryKey.map((name) => (name === from ? to : name));
}

/** Columns that have some other name now: an index of theirs is of something that is not known. */
function forgetColumns(draft: Draft, names: readonly string[] | null): void {
  const isGone = (name: string | null): boolean => name !== null && (names?.includes(name) ?? true);
  for (const name of draft.columns.keys()) if (isGone(name)) draft.columns.delete(name);
  draft.indexes = draft.indexes.map((index) => ({
    ...index,
    columns: index.columns.map((name) => (isGone(name) ? null : name)),
  }));
}

/** Without its constraint a column is a foreign key no more, until it is made one again. */
function dropConstraint(draft: Draft, name: string): void {
  if (name === draft.primaryKeyName) draft.primaryKey = [];
  draft.indexes = draft.indexes.filter((index) => index.name !== name);
  for (const column of draft.columns.values()) {
    if (column.constraint === name) draft.columns.set(column.name, { ...column, references: null });
  }
}

/** By its name, or by its columns when none has the name. */
function dropIndex(draft: Draft, columns: readonly (string | null)[], name: string | null): void {
  let at = draft.indexes.findIndex((index) => name !== null && index.name === name);
  const text = columns.join();
  if (at < 0 && text !== "") at = draft.indexes.findIndex((index) => index.columns.join() === text);
  const [gone] = at >= 0 ? draft.indexes.splice(at, 1) : [];
  if (gone && !gone.unique) draft.dropped.push(gone);
  if (gone?.unique && gone.name !== null) draft.freed.push(gone.name);
}

/** Constraints that an index stands behind share their name with it. */
function renameIndex(draft: Draft, from: string, to: string): void {
  if (draft.primaryKeyName === from) draft.primaryKeyName = to;
  draft.indexes = draft.indexes.map((index) => (index.name === from ? { ...index, name: to } : index));
}

function key(table: string, prefix: string | null): string {
  return prefix === null ? table : `${prefix}.${table}`;
}
