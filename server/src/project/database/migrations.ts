import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** The modules whose functions have steps of migrations, in the order in which they run. */
export const migrations: View<readonly ModuleFacts[]> = {
  name: "migrations",
  slices: ["migrations"],
  compute(facts) {
    return [...facts.where(hasSteps)].sort(byVersion);
  },
};

function hasSteps({ clauses }: ModuleFacts): boolean {
  return clauses.some((clause) => clause.migration.length > 0);
}

/** Migrations run by version, a number; the directory does not count. */
function byVersion(a: ModuleFacts, b: ModuleFacts): number {
  const [left, right] = [fileName(a), fileName(b)];
  return versionOf(left) - versionOf(right) || (left < right ? -1 : left > right ? 1 : 0);
}

/** The name of the module's file. */
export function fileName(module: ModuleFacts): string {
  return module.path.slice(module.path.lastIndexOf("/") + 1);
}

/** The version in the name of a migration's file; 0 where it has none. */
export function versionOf(name: string): number {
  return Number.parseInt(name, 10) || 0;
}

/** Where a migration would stand that runs after all others of that folder, and whose names it would be like. */
export interface NextMigration {
  readonly folder: string;
  /** One more than the last. */
  readonly version: string;
  /** `Shop.Repo.Migrations` */
  readonly namespace: string;
}

/** The place for a new migration beside the one at `path`; null when its name gives no version or no namespace. */
export function nextMigration(all: readonly ModuleFacts[], path: string): NextMigration | null {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const last = all.findLast((module) => module.path === folder + fileName(module));
  const beside = all.find((module) => module.path === path);
  const dot = beside?.name.lastIndexOf(".") ?? -1;
  if (!last || !beside || dot < 0 || versionOf(fileName(last)) === 0 || !path.endsWith(".exs")) return null;
  return { folder, version: String(versionOf(fileName(last)) + 1), namespace: beside.name.slice(0, dot) };
}
