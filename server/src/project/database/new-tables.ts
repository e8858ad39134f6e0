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
  /** Of tables that were made with a primary key and nothing else, the version of the migration that first did more, by their names. */
  readonly bareUntil: ReadonlyMap<string, number>;
  /** What is newer has not been deployed; null where the settings do not say. */
  readonly startAfter: number | null;
}

export const tableBirths: View<TableBirths> = {
  name: "table births",
  slices: ["migrations"],
  compute(facts, previous) {
    const of = new Map<string, number[]>();
    const needsEmpty = new Map<string, number[]>();
    const bare = new Set<string>();
    const bareUntil = new Map<string, number>();
    for (const module of facts.read(migrations)) {
      const version = versionOf(fileName(module));
      const { made, renamed, needed, bare: bareHere, touches } = facts.once(changesOf, module);
      for (const table of bare) if (!bareUntil.has(table) && touches(table)) bareUntil.set(table, version);
      for (const table of bareHere) bare.add(table);
      for (const table of needed) needsEmpty.set(table, [...(needsEmpty.get(table) ?? []), version]);
      for (const table of made) if (table !== null) of.set(table, [...(of.get(table) ?? []), version]);
      for (const { from, to } of renamed) of.set(to, of.get(from) ?? []);
    }
    const next = { of, needsEmpty, bareUntil, startAfter: facts.settings.startAfter };
    return previous !== null && sameItems(said(previous), said(next)) ? previous : next;
  },
};

function said({ of, needsEmpty, bareUntil }: TableBirths): readonly (string | number | null)[] {
  return [...[...of].flat(2), null, ...[...needsEmpty].flat(2), null, ...[...bareUntil].flat()];
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

/**
 * The tables that a migration of the same deployment would have failed on, had they had a row, and those that have nothing but a
 * primary key until then: nobody has put rows into them.
 */
export function emptyBefore(module: ModuleFacts, births: TableBirths): IsNew {
  const version = versionOf(fileName(module));
  const isTogether = (first: number): boolean => first < version && areTogether(first, version, births);
  return (table) =>
    table !== null &&
    ((births.needsEmpty.get(table) ?? []).some(isTogether) || births.bareUntil.get(table) === version);
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
  /** Those that it makes with a primary key and nothing else, in no other step. */
  readonly bare: readonly string[];
  /** True for tables whose columns or rows it may change. */
  readonly touches: (table: string) => boolean;
}

const CREATE_TABLE = /\bcreate\s+(?:\w+\s+)?table\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\.)?"?(\w+)/gi;

/** The tables that a migration makes, or needs to find empty. */
function changesOf(module: ModuleFacts): Changes {
  const made = new Set<string | null>();
  const renamed: { from: string; to: string }[] = [];
  const required = new Set<string>();
  const bare = new Set<string>();
  const steps = stepsUp(module).map(({ operation }) => operation);
  for (const { operation } of stepsUp(module)) {
    takeRequired(operation, required, made);
    if (operation.kind === "create-table" && operation.bare && operation.table !== null) bare.add(operation.table);
    if (operation.kind === "create-table") made.add(operation.table);
    else if (operation.kind === "rename-table") {
      if (made.has(operation.table)) made.add(operation.to);
      else renamed.push({ from: operation.table, to: operation.to });
    } else if (operation.kind === "execute" && operation.sql !== null) {
      for (const [, table] of operation.sql.matchAll(CREATE_TABLE)) if (table) made.add(table);
    }
  }
  const touches = (table: string): boolean => steps.some((step) => mayChange(step, table));
  const needed = new Set([...required].map((column) => column.slice(0, column.indexOf("."))));
  return { made, renamed, needed, bare: [...bare].filter((table) => !touches(table)), touches };
}

/** True where the step gives the table columns, another name or, in SQL, rows: no repository writes rows without a column. */
function mayChange(step: Step["operation"], table: string): boolean {
  switch (step.kind) {
    case "alter-table":
    case "add-timestamps":
    case "rename-table":
    case "drop-table":
      return step.table === null || step.table === table;
    case "rename-computed":
      return true;
    case "execute":
      return new RegExp(`\\b${table}\\b`).test(step.sql ?? "");
    default:
      return false;
  }
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
