import { shortName } from "../../base/module-name.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import { entry } from "../../facts/shape.ts";
import { packages } from "../packages.ts";
import type { View } from "../project.ts";

/** What is known of the databases behind the project's repositories. */
export interface Adapters {
  /** The modules that its own `use Ecto.Repo` name, each once; null for a repository that names none in place. */
  readonly modules: readonly (string | null)[];
  /** The repositories of the application itself; those of its tests and scripts where it has none. */
  readonly repos: readonly { readonly name: string; readonly adapter: string }[];
  /** That of a repository that names none in place, by the drivers among the dependencies. */
  readonly standard: string;
  /** False where the dependencies are known, and no driver of Ecto's own adapters is among them. */
  readonly driven: boolean;
}

const DEFAULT = "Ecto.Adapters.Postgres";

/** The drivers by which a project without another word is of that database. */
const DRIVERS: readonly (readonly [string, string])[] = [
  ["postgrex", DEFAULT],
  ["myxql", "Ecto.Adapters.MyXQL"],
  ["mariaex", "Ecto.Adapters.MyXQL"],
  ["ecto_sqlite3", "Ecto.Adapters.SQLite3"],
  ["tds", "Ecto.Adapters.Tds"],
];

/** From the `adapter:` of each `use Ecto.Repo, otp_app: …, adapter: …` in the project, and from the drivers it depends on. */
export const adapters: View<Adapters> = {
  name: "adapters",
  slices: ["uses", "packages"],
  compute(facts, previous) {
    const drivers = facts.read(packages).names;
    const standard = DRIVERS.find(([driver]) => drivers.includes(driver))?.[1] ?? DEFAULT;
    const found = facts.collect(reposOf);
    const modules = [...new Set(found.map(({ adapter }) => adapter))].sort();
    const own = found.filter(({ fileClass }) => fileClass === "code");
    const repos = (own.length > 0 ? own : found).map(({ name, adapter }) => ({ name, adapter: adapter ?? standard }));
    const driven = drivers.length === 0 || DRIVERS.some(([driver]) => drivers.includes(driver));
    const next = { modules, repos, standard, driven };
    return previous && JSON.stringify(previous) === JSON.stringify(next) ? previous : next;
  },
};

function reposOf({ name, fileClass, useForms }: ModuleFacts) {
  return useForms
    .filter((form) => form.use.module === "Ecto.Repo")
    .map((form) => {
      const adapter = entry(form.options ?? undefined, "adapter");
      return { name, fileClass, adapter: adapter?.kind === "module" ? adapter.value : null };
    });
}

/** True when the project's repositories are of no other database than that adapter's; without any, PostgreSQL is assumed. */
export function usesOnly({ modules }: Adapters, adapter: string): boolean {
  return modules.length > 0 ? modules.every((module) => (module ?? DEFAULT) === adapter) : adapter === DEFAULT;
}

/** False where all repositories are of databases that Ecto's own SQL adapters do not know. */
export function hasSqlRepo(known: Adapters): boolean {
  return known.repos.length === 0 || known.repos.some(({ name }) => isSql(known, name));
}

/**
 * False for a repository of a database other than Ecto's own SQL adapters know: it may have no transactions, and no constraints.
 * One that another Mix project brings is of the databases whose drivers the dependencies name.
 */
export function isSql({ repos, driven }: Adapters, repo: string): boolean {
  const adapter = repos.find(({ name }) => name === repo)?.adapter;
  return adapter === undefined ? driven : adapter.startsWith("Ecto.Adapters.");
}

/**
 * The adapter that a migration runs on: that of the repository after which its folder is called (`priv/audit_repo/migrations`
 * is `Shop.AuditRepo`'s), else the one that all have; null where it may be one or another.
 */
export function adapterFor({ repos, standard }: Adapters, { path }: { readonly path: string }): string | null {
  const folder = /(?:^|\/)priv\/([^/]+)\//.exec(path)?.[1];
  const owners = repos.filter(({ name }) => underscored(name) === folder);
  const known = new Set((owners.length > 0 ? owners : repos).map(({ adapter }) => adapter));
  if (known.size === 0) return standard;
  return known.size === 1 ? ([...known][0] ?? null) : null;
}

/** True for a migration that runs on PostgreSQL, or on what is much like it. */
export function onPostgres(known: Adapters, migration: { readonly path: string }): boolean {
  return /^Ecto\.Adapters\.Postgres/.test(adapterFor(known, migration) ?? "");
}

function underscored(module: string): string {
  const name = shortName(module);
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}
