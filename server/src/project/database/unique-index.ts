import type { ConstraintFact, SchemaFacts } from "../../facts/facts.ts";
import { ANY_COLUMN } from "../../facts/migration.ts";
import { type Adapters, usesOnly } from "./adapters.ts";
import { columnOf } from "./schemas.ts";
import type { Index, Table } from "./tables.ts";

/** The unique index that a constraint of a schema's changeset waits for. */
export interface ExpectedIndex {
  readonly table: string;
  readonly columns: readonly string[];
  readonly name: string;
}

/** By the name that the constraint gives, else by Ecto's default; null where the source does not say. */
export function expectedIndex(schema: SchemaFacts, fact: ConstraintFact): ExpectedIndex | null {
  const { source } = schema;
  if (source === null || fact.fields === null) return null;
  const columns = fact.fields.map((field) => columnOf(schema, field));
  return { table: source, columns, name: fact.name ?? defaultName(source, columns) };
}

function defaultName(table: string, columns: readonly string[]): string {
  return [table, ...columns, "index"].join("_");
}

/** An index whose name a constraint has in the place of its field. */
export interface TakenForField {
  readonly index: string;
  /** Those that it is of; expressions have none. */
  readonly fields: readonly string[];
  /** Its name is the one that Ecto gives to an index of these fields. */
  readonly isDefault: boolean;
}

/** The unique index that `unique_constraint(:lorries_plate_index)` means; null where there is no such, or the field is one. */
export function takenForField(
  found: readonly Table[],
  schema: SchemaFacts,
  { name: given, fields }: ConstraintFact,
): TakenForField | null {
  const [only, another] = fields ?? [];
  if (given !== null || another !== undefined || schema.fields.some(({ name }) => name === only)) return null;
  const index = found.flatMap(({ indexes }) => indexes).find(({ unique, name }) => unique && name === only);
  if (!index?.name) return null;
  const columns = index.columns.filter((column) => column !== null && column !== ANY_COLUMN);
  const isDefault = found.some(({ name }) => index.name === defaultName(name, index.columns.map(String)));
  return {
    index: index.name,
    fields: columns.map((column) => schema.fields.find(({ source }) => source === column)?.name ?? String(column)),
    isDefault,
  };
}

/** True when a `unique_constraint` speaks of one of the fields of the other, or may. */
export function guards({ kind, fields }: ConstraintFact, other: ConstraintFact): boolean {
  return kind === "unique_constraint" && (fields?.some((field) => other.fields?.includes(field)) ?? true);
}

/** The unique index that a constraint means, though it has another name. */
export interface OtherIndex {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Postgres cuts longer names off, and tells of an error by the name that is left. */
const LONGEST = 63;

/** What stands behind a constraint that waits for an error of an index. */
export type Backing = "there" | "unknown" | "none" | OtherIndex;

/**
 * What the migrations say of a unique index of the tables, which have one name and perhaps several prefixes.
 * Any table's index will do that has the name: a trigger or a nested write may be the one that fails.
 */
export function backingOf(
  all: ReadonlyMap<string, Table>,
  found: readonly Table[],
  { columns, name }: ExpectedIndex,
  known: Adapters,
): Backing {
  if (found.length === 0 || found.some((table) => table.created === null || !table.complete)) return "unknown";
  const isPostgres = usesOnly(known, "Ecto.Adapters.Postgres");
  const inDatabase = (given: string): string => (isPostgres ? given.slice(0, LONGEST) : given);
  const isMeant = ({ name: given }: Pick<Index, "name">): boolean => given !== null && inDatabase(given) === name;
  if ([...all.values()].some((table) => keysOf(table).some(isMeant))) return "there";
  for (const table of found) {
    if (table.indexes.some((index) => index.unique && index.name === null)) return "unknown";
    const keys = keysOf(table);
    // The one with the fewest other columns is the one that is meant; of an expression, its name may say what it is of.
    const fit =
      keys
        .filter((key) => columns.every((column) => key.columns.includes(column)))
        .sort((a, b) => a.columns.length - b.columns.length)[0] ??
      keys.find(
        ({ columns: all, name: given }) => all.includes(null) && columns.every((column) => given?.includes(column)),
      );
    if (!fit && keys.some((key) => key.columns.includes(null))) return "unknown";
    if (!fit?.name) continue;
    // Other databases name what failed in ways of their own.
    if (!isPostgres) return "unknown";
    return { name: inDatabase(fit.name), columns: fit.columns.map((column) => column ?? "an expression") };
  }
  return "none";
}

/** The unique indexes of a table, that of its primary key among them. */
function keysOf({ indexes, primaryKey, primaryKeyName }: Table): readonly Pick<Index, "columns" | "name">[] {
  return [...indexes.filter((index) => index.unique), { columns: primaryKey, name: primaryKeyName }];
}
