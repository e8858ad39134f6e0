import type { Anchor, ColumnFact } from "../../facts/facts.ts";
import type { Step } from "./migration-steps.ts";
import {
  type Draft,
  type Drafts,
  dropConstraint,
  dropIndex,
  forgetColumns,
  removeColumn,
  renameColumn,
  renameIndex,
} from "./table-drafts.ts";
import { execute } from "./table-sql.ts";

const FOREIGN_KEY = "references";

/** Does to the tables what a step of a migration does. */
export function take(drafts: Drafts, step: Step["operation"], place: (at: number) => Anchor): void {
  switch (step.kind) {
    case "create-table":
    case "alter-table": {
      if (step.table === null) return;
      const draft = drafts.table(step.table, step.prefix);
      if (step.kind === "create-table") {
        draft.created = place(step.at);
        if (step.primaryKey && draft.primaryKey.length === 0) draft.primaryKey.push("id");
      }
      for (const column of step.columns) setColumn(draft, column, place);
      return;
    }
    case "drop-table":
      if (step.table !== null) drafts.drop(step.table, step.prefix);
      return;
    case "rename-table":
      drafts.rename(step.table, step.prefix, step.to);
      return;
    case "rename-computed":
      for (const draft of drafts.all()) {
        if (!(step.tables?.includes(draft.name) ?? true)) continue;
        if (step.columns?.length === 0) draft.complete = false;
        else forgetColumns(draft, step.columns);
      }
      return;
    case "rename-column":
      renameColumn(drafts.table(step.table, step.prefix), step.column, step.to);
      return;
    case "rename-index":
      renameIndex(drafts.table(step.table, step.prefix), step.name, step.to);
      return;
    case "drop-constraint":
      dropConstraint(drafts.table(step.table, step.prefix), step.name);
      return;
    case "create-index": {
      const { columns, paths, unique, partial, name } = step;
      // Of a computed table: one of those there are.
      const indexed = step.table === null ? drafts.all() : [drafts.table(step.table, step.prefix)];
      for (const draft of indexed) draft.indexes.push({ columns, paths, unique, partial, name });
      return;
    }
    case "drop-index":
      if (step.table !== null) dropIndex(drafts.table(step.table, step.prefix), step.columns, step.name);
      return;
    case "execute":
      if (step.sql !== null) execute(drafts, step.sql);
  }
}

function setColumn(draft: Draft, fact: ColumnFact, place: (at: number) => Anchor): void {
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
