import type { ModuleFacts } from "../../facts/facts.ts";
import { type Step, stepsUp } from "./migration-steps.ts";

/** Answers whether a migration makes the table itself, so that it is empty and nobody uses it yet. */
export type IsNew = (table: string | null) => boolean;

const CREATE_TABLE = /\bcreate\s+(?:\w+\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\.)?"?(\w+)/gi;

/** The tables that a migration creates, under the names that it gives them; where one is computed, it may be any. */
export function newTables(module: ModuleFacts): IsNew {
  const names = new Set<string | null>();
  for (const { operation } of stepsUp(module)) take(operation, names);
  return (table) => table === null || names.has(null) || names.has(table);
}

function take(step: Step["operation"], names: Set<string | null>): void {
  if (step.kind === "create-table") names.add(step.table);
  else if (step.kind === "rename-table" && names.has(step.table)) names.add(step.to);
  else if (step.kind === "execute" && step.sql !== null) {
    for (const [, table] of step.sql.matchAll(CREATE_TABLE)) if (table) names.add(table);
  }
}
