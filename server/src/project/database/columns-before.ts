import type { Anchor, ClauseOfModule, ColumnFact, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import type { View } from "../project.ts";
import { type Step, stepsUp } from "./migration-steps.ts";
import { migrations } from "./migrations.ts";

/** For the place where a migration modifies or removes a column, what the steps before it had last said of it. */
export type ColumnsBefore = ReadonlyMap<string, ColumnFact>;

export const columnsBefore: View<ColumnsBefore> = {
  name: "columns before",
  slices: ["migrations"],
  compute(facts) {
    const past = new Past();
    for (const module of facts.read(migrations)) {
      for (const { clause, operation } of facts.once(stepsUp, module))
        past.take(operation, (at) => placeKey(anchorOf(module, clause, at)));
    }
    return past.before;
  },
};

/** The key of a place in the view. */
export function placeKey({ path, form, at }: Anchor): string {
  return `${path} ${form} ${at}`;
}

function anchorOf({ path }: ModuleFacts, { form }: ClauseOfModule, at: Ordinal): Anchor {
  return { path, form, at };
}

/** `ALTER TABLE a …` and what follows, for conditions that say that a column holds no null. */
const ALTER_TABLE = /\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)"?(.*)/is;

class Past {
  readonly before = new Map<string, ColumnFact>();
  private readonly tables = new Map<string, Map<string, ColumnFact>>();

  take(step: Step["operation"], key: (at: Ordinal) => string): void {
    switch (step.kind) {
      case "create-table":
      case "alter-table":
        if (step.table === null) return;
        for (const column of step.columns) this.column(this.table(step.table), column, key(column.at));
        return;
      case "drop-table":
        if (step.table !== null) this.tables.delete(step.table);
        return;
      case "rename-table":
        this.tables.set(step.to, this.table(step.table));
        this.tables.delete(step.table);
        return;
      case "rename-column": {
        const columns = this.table(step.table);
        const renamed = columns.get(step.column);
        if (renamed) columns.set(step.to, renamed);
        columns.delete(step.column);
        return;
      }
      case "create-constraint":
        if (step.check !== null) this.never(step.table, step.check);
        return;
      case "execute": {
        const [, table, rest] = ALTER_TABLE.exec(step.sql ?? "") ?? [];
        if (table && rest) this.never(table, rest);
      }
    }
  }

  private table(name: string): Map<string, ColumnFact> {
    let columns = this.tables.get(name);
    if (!columns) {
      columns = new Map();
      this.tables.set(name, columns);
    }
    return columns;
  }

  private column(columns: Map<string, ColumnFact>, column: ColumnFact, key: string): void {
    const before = columns.get(column.name);
    if (before && column.action !== "add") this.before.set(key, before);
    if (column.action === "remove") columns.delete(column.name);
    else columns.set(column.name, { ...column, nullable: column.nullable ?? before?.nullable ?? null });
  }

  /** SQL after which columns hold no null: a `CHECK (x IS NOT NULL)`, or `ALTER x SET NOT NULL`. */
  private never(table: string, sql: string): void {
    const columns = this.table(table);
    for (const [name, column] of columns) {
      if (new RegExp(`\\b${name}"?\\s+(?:is|set)\\s+not\\s+null\\b`, "i").test(sql))
        columns.set(name, { ...column, nullable: false });
    }
  }
}
