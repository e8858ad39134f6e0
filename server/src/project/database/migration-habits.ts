import type { Anchor } from "../../facts/facts.ts";
import type { View } from "../project.ts";
import { type Step, stepsUp } from "./migration-steps.ts";
import { migrations } from "./migrations.ts";

/**
 * Whether the project runs its migrations beside a database in use. How large its tables are nobody can read off the source; but a
 * team that once built an index concurrently, or validated a constraint later, or says which migrations have run, minds locks.
 */
export interface MigrationHabits {
  /** `migrations.startAfter` is set. */
  readonly tracked: boolean;
  /** Where an index is built concurrently first; null where none is. */
  readonly concurrently: Anchor | null;
  /** Where a constraint is first made without looking at the rows, or validated later. */
  readonly validatesLater: Anchor | null;
}

export const migrationHabits: View<MigrationHabits> = {
  name: "migration habits",
  slices: ["migrations"],
  compute(facts, previous) {
    const steps = facts.read(migrations).flatMap((module) =>
      facts.once(stepsUp, module).map(({ clause, operation }) => ({
        operation,
        at: { path: module.path, form: clause.form, at: operation.at },
      })),
    );
    const next = {
      tracked: facts.settings.startAfter !== null,
      concurrently: steps.find(({ operation }) => isConcurrent(operation))?.at ?? null,
      validatesLater: steps.find(({ operation }) => validatesLater(operation))?.at ?? null,
    };
    return JSON.stringify(previous) === JSON.stringify(next) ? (previous ?? next) : next;
  },
};

/** A library makes these itself, and its guide says word for word how to change them: that tells nothing of who copied it. */
const MADE_BY_LIBRARIES = /^"?(?:oban|error_tracker)_\w+"?$/;

const CONCURRENTLY =
  /\bindex\s+concurrently\b(?:\s+if\s+(?:not\s+)?exists)?(?:\s+"?[\w.]+"?)?(?:\s+on\s+(?:only\s+)?(?:"?\w+"?\.)?("?\w+"?))?/i;

function isConcurrent(step: Step["operation"]): boolean {
  if (step.kind === "execute") {
    const found = CONCURRENTLY.exec(step.sql ?? "");
    return found !== null && !MADE_BY_LIBRARIES.test(found[1] ?? "");
  }
  if (step.kind !== "create-index" && step.kind !== "drop-index") return false;
  return step.concurrently === true && !MADE_BY_LIBRARIES.test(step.table ?? "");
}

function validatesLater(step: Step["operation"]): boolean {
  if (step.kind === "execute") return /\bvalidate\s+constraint\b|\bnot\s+valid\b/i.test(step.sql ?? "");
  if (step.kind === "create-constraint") return step.check !== null && !step.validated;
  return (
    (step.kind === "alter-table" || step.kind === "create-table") && step.columns.some(({ validated }) => !validated)
  );
}
