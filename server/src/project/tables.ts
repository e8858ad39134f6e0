import type { Anchor, ColumnFact, MigrationOperation, ModuleFacts } from "../facts/facts.ts";
import type { View } from "./project.ts";

export interface Index {
  readonly columns: readonly (string | null)[];
  readonly unique: boolean;
  readonly partial: boolean;
  readonly name: string | null;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  /** The table that it refers to, or null. */
  readonly references: string | null;
  readonly at: Anchor;
}

/** A table as all migrations leave it. */
export interface Table {
  readonly name: string;
  readonly prefix: string | null;
  readonly columns: ReadonlyMap<string, Column>;
  readonly primaryKey: readonly string[];
  readonly indexes: readonly Index[];
  /** False when SQL that could not be read touches its indexes or constraints. */
  readonly complete: boolean;
}

interface Draft {
  name: string;
  prefix: string | null;
  columns: Map<string, Column>;
  primaryKey: string[];
  indexes: Index[];
  complete: boolean;
}

/** The tables that the migrations leave, by `prefix.table`, replayed in the order of the files' names. */
export const tables: View<ReadonlyMap<string, Table>> = {
  name: "tables",
  slices: ["migrations"],
  compute(facts) {
    const replay = new Replay();
    const migrations = facts.modules().filter((module) => module.clauses.some((clause) => clause.migration.length > 0));
    for (const module of [...migrations].sort((a, b) => order(a).localeCompare(order(b)))) replay.module(module);
    return replay.tables();
  },
};

/** Migrations run by version; the directory does not count. */
function order(module: ModuleFacts): string {
  return module.path.slice(module.path.lastIndexOf("/") + 1);
}

class Replay {
  private readonly drafts = new Map<string, Draft>();

  tables(): ReadonlyMap<string, Table> {
    return this.drafts;
  }

  module(module: ModuleFacts): void {
    for (const clause of module.clauses) {
      for (const step of clause.migration) {
        this.step(step, (at) => ({ path: module.path, form: clause.form, at }));
      }
    }
  }

  private step(step: MigrationOperation, place: (at: number) => Anchor): void {
    switch (step.kind) {
      case "create-table":
      case "alter-table": {
        if (step.table === null) return;
        const draft = this.draft(step.table, step.prefix);
        if (step.kind === "create-table" && step.primaryKey && draft.primaryKey.length === 0)
          draft.primaryKey.push("id");
        for (const column of step.columns) this.column(draft, column, place);
        return;
      }
      case "drop-table":
        if (step.table !== null) this.drafts.delete(key(step.table, step.prefix));
        return;
      case "rename-table": {
        const draft = this.drafts.get(key(step.table, null));
        if (!draft) return;
        this.drafts.delete(key(step.table, null));
        this.drafts.set(key(step.to, null), { ...draft, name: step.to });
        return;
      }
      case "rename-column":
        this.rename(this.draft(step.table, null), step.column, step.to);
        return;
      case "create-index":
        if (step.table === null) return;
        this.draft(step.table, step.prefix).indexes.push({
          columns: step.columns,
          unique: step.unique,
          partial: step.partial,
          name: step.name,
        });
        return;
      case "drop-index":
        if (step.table !== null) this.dropIndex(this.draft(step.table, step.prefix), step.columns, step.name);
        return;
      case "execute":
        this.execute(step.sql);
    }
  }

  private draft(name: string, prefix: string | null): Draft {
    let draft = this.drafts.get(key(name, prefix));
    if (!draft) {
      draft = { name, prefix, columns: new Map(), primaryKey: [], indexes: [], complete: true };
      this.drafts.set(key(name, prefix), draft);
    }
    return draft;
  }

  private column(draft: Draft, fact: ColumnFact, place: (at: number) => Anchor): void {
    if (fact.action === "remove") {
      draft.columns.delete(fact.name);
      draft.indexes = draft.indexes.filter((index) => !index.columns.includes(fact.name));
      return;
    }
    const before = draft.columns.get(fact.name);
    const references = fact.references ?? before?.references ?? null;
    // The place of a foreign key is where it was first declared one.
    const at = before?.references ? before.at : place(fact.at);
    draft.columns.set(fact.name, { name: fact.name, type: fact.type, references, at });
    if (fact.primaryKey && !draft.primaryKey.includes(fact.name)) draft.primaryKey.push(fact.name);
  }

  private rename(draft: Draft, from: string, to: string): void {
    const column = draft.columns.get(from);
    if (column) {
      draft.columns.delete(from);
      draft.columns.set(to, { ...column, name: to });
    }
    const renamed = (name: string | null): string | null => (name === from ? to : name);
    draft.indexes = draft.indexes.map((index) => ({ ...index, columns: index.columns.map(renamed) }));
    draft.primaryKey = draft.primaryKey.map((name) => (name === from ? to : name));
  }

  private dropIndex(draft: Draft, columns: readonly (string | null)[], name: string | null): void {
    const text = columns.join();
    const at = draft.indexes.findIndex((index) =>
      name !== null
        ? index.name === name || (index.name === null && index.columns.join() === text)
        : index.columns.join() === text,
    );
    if (at >= 0) draft.indexes.splice(at, 1);
  }

  /** Plain SQL: `CREATE INDEX` is read; anything else that names a table makes what is known of it incomplete. */
  private execute(sql: string | null): void {
    if (sql === null) return;
    for (const match of sql.matchAll(CREATE_INDEX)) {
      const [, unique, table, columns, rest] = match as unknown as [string, string?, string?, string?, string?];
      if (!table || columns === undefined) continue;
      this.draft(table, null).indexes.push({
        columns: columns
          .split(",")
          .map((column) => /^\s*"?(\w+)"?(?:\s+(?:asc|desc|nulls)\b.*)?\s*$/i.exec(column)?.[1] ?? null),
        unique: unique !== undefined,
        partial: /^\s*where\b/i.test(rest ?? ""),
        name: null,
      });
    }
    for (const draft of this.drafts.values()) {
      if (
        !CREATE_INDEX_ONLY.test(sql) &&
        new RegExp(`\\b${draft.name}\\b`).test(sql) &&
        /\b(index|constraint)\b/i.test(sql)
      ) {
        draft.complete = false;
      }
    }
  }
}

const CREATE_INDEX =
  /create\s+(unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(?:"?\w+"?\s+)?on\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)"?\s*(?:using\s+\w+\s*)?\(([^()]*)\)([^;]*)/gi;
const CREATE_INDEX_ONLY = /^\s*create\s+(unique\s+)?index\b/i;

function key(table: string, prefix: string | null): string {
  return prefix === null ? table : `${prefix}.${table}`;
}
