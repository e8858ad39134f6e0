import type { ModuleFacts } from "../../facts/facts.ts";
import { type Step, stepsUp } from "./migration-steps.ts";
import { newTables, type TableBirths } from "./new-tables.ts";

/** A step that writes rows while the transaction holds the lock of one before it. */
export interface DataUnderLock {
  readonly data: Step;
  readonly lock: Step;
  /** The table that is locked. */
  readonly table: string;
}

const WRITES = /^\s*(?:update\s+(?:only\s+)?|insert\s+into\s+|delete\s+from\s+(?:only\s+)?)(?:"?\w+"?\.)?"?(\w+)/i;

/**
 * The first step of a migration that writes rows of a table after another has changed the structure of one. What
 * a repository does runs at once, before steps that wait for a `flush`. Rows of tables that the migration makes are few.
 * @param tableOf the table of a schema, or null
 * @param single tables that hold no more than one row
 */
export function dataUnderLock(
  module: ModuleFacts,
  births: TableBirths,
  tableOf: (schema: string) => string | null,
  single: ReadonlySet<string>,
): DataUnderLock | null {
  const isNew = newTables(module, births);
  const waiting = new Map<string, Step>();
  const held = new Map<string, Step>();
  for (const step of stepsUp(module)) {
    const { operation } = step;
    const locked = lockedBy(operation);
    if (locked !== null && !isNew(locked) && !waiting.has(locked)) waiting.set(locked, step);
    if (operation.kind === "flush" || (operation.kind === "execute" && operation.queued))
      for (const [table, lock] of waiting) if (!held.has(table)) held.set(table, lock);
    const written = writtenBy(operation, tableOf);
    if (written === null || isNew(written) || single.has(written)) continue;
    // Best the table that is written itself.
    const own = held.get(written);
    if (own && isRecoding(operation, own.operation)) continue;
    if (own) return { data: step, lock: own, table: written };
    for (const [table, lock] of held) return { data: step, lock, table };
  }
  return null;
}

/** A column that gets another name and other values at once: between two migrations, no version of the code could read it. */
function isRecoding(data: Step["operation"], lock: Step["operation"]): boolean {
  if (data.kind !== "execute" || lock.kind !== "rename-column") return false;
  return new RegExp(`\\bset\\s(?:.*,)?\\s*"?${lock.to}"?\\s*=`, "is").test(data.sql ?? "");
}

/** The table whose structure a step changes; dropping one ends its use anyway. */
function lockedBy(step: Step["operation"]): string | null {
  switch (step.kind) {
    case "alter-table":
      return step.columns.length > 0 ? step.table : null;
    case "create-index":
      return step.concurrently === false ? step.table : null;
    case "add-timestamps":
    case "rename-column":
    case "create-constraint":
    case "drop-constraint":
      return step.table;
    default:
      return null;
  }
}

/** The table whose rows a step writes; null where it writes none, or nobody knows whose. */
function writtenBy(step: Step["operation"], tableOf: (schema: string) => string | null): string | null {
  if (step.kind === "execute") return WRITES.exec(step.sql ?? "")?.[1] ?? null;
  if (step.kind !== "write" || step.source === null) return null;
  return "table" in step.source ? step.source.table : tableOf(step.source.schema);
}
