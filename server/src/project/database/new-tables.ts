import { sameItems } from "../../base/same-items.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";
import { type Step, stepsUp } from "./migration-steps.ts";
import { fileName, migrations, versionOf } from "./migrations.ts";

/** Answers whether a table is empty when a migration runs, and nobody uses it yet. */
export type IsNew = (table: string | null) => boolean;

/** When tables were made, or are known to have been empty. */
export interface TableBirths {
  /** The versions of those migrations, by the table's name. */
  readonly of: ReadonlyMap<string, readonly number[]>;
  /** The versions of those that fail on a table with rows, by its name: they add what must not be null, and nothing to fill it with. */
  readonly needsEmpty: ReadonlyMap<string, readonly number[]>;
  /** What is newer has not been deployed; null where the settings do not say. */
  readonly startAfter: number | null;
}

export const tableBirths: View<TableBirths> = {
  name: "table births",
  slices: ["migrations"],
  compute(facts, previous) {
    const of = new Map<string, number[]>();
    const needsEmpty = new Map<string, number[]>();
    for (const module of facts.read(migrations)) {
      const version = versionOf(fileName(module));
      const { made, renamed, needed } = facts.once(changesOf, module);
      for (const table of needed) needsEmpty.set(table, [...(needsEmpty.get(table) ?? []), version]);
      for (const table of made) if (table !== null) of.set(table, [...(of.get(table) ?? []), version]);
      for (const { from, to } of renamed) of.set(to, of.get(from) ?? []);
    }
    const next = { of, needsEmpty, startAfter: facts.settings.startAfter };
    return previous !== null && sameItems(said(previous), said(next)) ? previous : next;
  },
};

function said({ of, needsEmpty }: TableBirths): readonly (string | number | null)[] {
  return [...[...of].flat(2), null, ...[...needsEmpty].flat(2)];
}

/**
 * The tables that are new to a migration: those that it creates itself, under the names that it gives them (where one is
 * computed, it may be any), those that it could not change as it does if they had a row, and those that a migration
 * of the same deployment made before it.
 */
export function newTables(module: ModuleFacts, births: TableBirths): IsNew {
  const own = changesOf(module).made;
  const version = versionOf(fileName(module));
  const isTogether = (first: number): boolean => first <= version && areTogether(first, version, births);
  return (table) => table === null || own.has(null) || own.has(table) || (births.of.get(table) ?? []).some(isTogether);
}

/** The tables that a migration of the same deployment would have failed on, had they had a row. */
export function emptyBefore(module: ModuleFacts, births: TableBirths): IsNew {
  const version = versionOf(fileName(module));
  const isTogether = (first: number): boolean => first < version && areTogether(first, version, births);
  return (table) => table !== null && (births.needsEmpty.get(table) ?? []).some(isTogether);
}

function areTogether(first: number, version: number, { startAfter }: TableBirths): boolean {
  return startAfter === null ? daysBetween(first, version) <= WEEK : first > startAfter;
}

/** What is made within a week is mostly deployed together, where the settings do not say. */
const WEEK = 7;

/** NaN where a version is no time, as `20240131120000` is. */
function daysBetween(first: number, second: number): number {
  const [from, to] = [first, second].map((version) => {
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)\d{6}$/.exec(String(version)) ?? [];
    return Date.UTC(Number(year), Number(month) - 1, Number(day));
  });
  return ((to ?? Number.NaN) - (from ?? Number.NaN)) / 86_400_000;
}

interface Changes {
  readonly made: ReadonlySet<string | null>;
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  /** Those that it could not change as it does if they had a row. */
  readonly needed: ReadonlySet<string>;
}

const CREATE_TABLE = /\bcreate\s+(?:\w+\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\.)?"?(\w+)/gi;

/** The tables that a migration makes, or needs to find empty. */
function changesOf(module: ModuleFacts): Changes {
  const made = new Set<string | null>();
  const renamed: { from: string; to: string }[] = [];
  const required = new Set<string>();
  for (const { operation } of stepsUp(module)) {
    takeRequired(operation, required, made);
    if (operation.kind === "create-table") made.add(operation.table);
    else if (operation.kind === "rename-table") {
      if (made.has(operation.table)) made.add(operation.to);
      else renamed.push({ from: operation.table, to: operation.to });
    } else if (operation.kind === "execute" && operation.sql !== null) {
      for (const [, table] of operation.sql.matchAll(CREATE_TABLE)) if (table) made.add(table);
    }
  }
  return { made, renamed, needed: new Set([...required].map((column) => column.slice(0, column.indexOf(".")))) };
}

const ADD_PRIMARY_KEY =
  /\balter\s+table\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)"?\s+add\s+(?:constraint\s+"?\w+"?\s+)?primary\s+key\s*\(([^()]*)\)/i;

/** A column without a value in any row cannot become a primary key, unless there is no row. */
function takeRequired(step: Step["operation"], required: Set<string>, empty: Set<string | null>): void {
  if (step.kind === "alter-table") {
    for (const column of step.columns) {
      if (column.action !== "add" || column.filled) continue;
      if (column.primaryKey) empty.add(step.table);
      if (column.nullable === false) required.add(`${step.table}.${column.name}`);
    }
  }
  if (step.kind === "add-timestamps" && step.required) required.add(`${step.table}.inserted_at`);
  if (step.kind !== "execute") return;
  const [, table, columns] = ADD_PRIMARY_KEY.exec(step.sql ?? "") ?? [];
  if (table && columns?.match(/\w+/g)?.some((column) => required.has(`${table}.${column}`))) empty.add(table);
}
