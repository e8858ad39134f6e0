import type { Anchor } from "../../facts/facts.ts";

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

/** A table as the migrations so far leave it. */
export interface Draft {
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

/** The tables that the migrations so far leave, by `prefix.table`. */
export class Drafts {
  readonly byKey = new Map<string, Draft>();

  all(): Iterable<Draft> {
    return this.byKey.values();
  }

  /** The table of that name: what nobody has created is not known as a whole. */
  table(name: string, prefix: string | null): Draft {
    let draft = this.byKey.get(key(name, prefix));
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
      this.byKey.set(key(name, prefix), draft);
    }
    return draft;
  }

  drop(name: string, prefix: string | null): void {
    this.byKey.delete(key(name, prefix));
  }

  /** Foreign keys follow their table. */
  rename(from: string, prefix: string | null, to: string): void {
    const renamed = this.byKey.get(key(from, prefix));
    if (!renamed) return;
    this.byKey.delete(key(from, prefix));
    this.byKey.set(key(to, prefix), { ...renamed, name: to });
    for (const { columns } of this.byKey.values()) {
      for (const column of columns.values()) {
        if (column.references === from) columns.set(column.name, { ...column, references: to });
      }
    }
  }
}

function key(table: string, prefix: string | null): string {
  return prefix === null ? table : `${prefix}.${table}`;
}

export function removeColumn(draft: Draft, name: string): void {
  draft.columns.delete(name);
  draft.indexes = draft.indexes.filter((index) => !index.columns.includes(name));
}

export function renameColumn(draft: Draft, from: string, to: string): void {
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
export function forgetColumns(draft: Draft, names: readonly string[] | null): void {
  const isGone = (name: string | null): boolean => name !== null && (names?.includes(name) ?? true);
  for (const name of draft.columns.keys()) if (isGone(name)) draft.columns.delete(name);
  draft.indexes = draft.indexes.map((index) => ({
    ...index,
    columns: index.columns.map((name) => (isGone(name) ? null : name)),
  }));
}

/** Without its constraint a column is a foreign key no more, until it is made one again. */
export function dropConstraint(draft: Draft, name: string): void {
  if (name === draft.primaryKeyName) draft.primaryKey = [];
  draft.indexes = draft.indexes.filter((index) => index.name !== name);
  for (const column of draft.columns.values()) {
    if (column.constraint === name) draft.columns.set(column.name, { ...column, references: null });
  }
}

/** By its name, or by its columns when none has the name. */
export function dropIndex(draft: Draft, columns: readonly (string | null)[], name: string | null): void {
  let at = draft.indexes.findIndex((index) => name !== null && index.name === name);
  const text = columns.join();
  if (at < 0 && text !== "") at = draft.indexes.findIndex((index) => index.columns.join() === text);
  const [gone] = at >= 0 ? draft.indexes.splice(at, 1) : [];
  if (gone && !gone.unique) draft.dropped.push(gone);
  if (gone?.unique && gone.name !== null) draft.freed.push(gone.name);
}

/** Constraints that an index stands behind share their name with it. */
export function renameIndex(draft: Draft, from: string, to: string): void {
  if (draft.primaryKeyName === from) draft.primaryKeyName = to;
  draft.indexes = draft.indexes.map((index) => (index.name === from ? { ...index, name: to } : index));
}
