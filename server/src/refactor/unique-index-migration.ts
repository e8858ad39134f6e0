import { type Edit, newFile } from "../lint/rule.ts";

/** A unique index to be made by a migration of its own. */
export interface WantedIndex {
  readonly table: string;
  readonly prefix: string | null;
  readonly columns: readonly string[];
  /** When it is another than Ecto's default. */
  readonly name: string | null;
  /** The columns of an index that has the same name and must go first, if there is one; null for an expression. */
  readonly instead: readonly (string | null)[] | undefined;
}

/** Where the migration's file stands, and the namespace of its module. */
interface Place {
  readonly folder: string;
  readonly version: string;
  readonly namespace: string;
}

/** The migration that makes the index, as a new file. */
export function uniqueIndexMigration({ folder, version, namespace }: Place, index: WantedIndex): Edit {
  const words = ["make", index.table, ...index.columns, "unique"].join("_");
  const module = words.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const options = [
    index.name === null ? "" : `, name: ${atom(index.name)}`,
    index.prefix === null ? "" : `, prefix: ${JSON.stringify(index.prefix)}`,
  ].join("");
  const steps = [
    ...(index.instead
      ? [`drop index(${atom(index.table)}, ${list(index.instead.filter((column) => column !== null))}${options})`]
      : []),
    `create unique_index(${atom(index.table)}, ${list(index.columns)}${options})`,
  ];
  const text = [
    `defmodule ${namespace}.${module} do`,
    "  use Ecto.Migration",
    "",
    "  def change do",
    ...steps.map((step) => `    ${step}`),
    "  end",
    "end",
    "",
  ].join("\n");
  return newFile(`${folder}${version}_${words}.exs`, text);
}

function list(columns: readonly string[]): string {
  return `[${columns.map(atom).join(", ")}]`;
}

function atom(name: string): string {
  return /^[a-z_]\w*$/.test(name) ? `:${name}` : `:${JSON.stringify(name)}`;
}
