import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";
import { stepsUp } from "./migration-steps.ts";
import { migrations } from "./migrations.ts";
import { Drafts, type Table } from "./table-drafts.ts";
import { take } from "./table-steps.ts";

export type { Column, Index, Table } from "./table-drafts.ts";

/**
 * The tables that the migrations leave, by `prefix.table`, replayed in the order of the files' names. Applications of an
 * umbrella have databases of their own; a table that two of them have is there twice.
 */
export const tables: View<ReadonlyMap<string, Table>> = {
  name: "tables",
  slices: ["migrations"],
  compute(facts) {
    const out = new Map<string, Table>();
    for (const [database, modules] of byDatabase(facts.read(migrations))) {
      const drafts = new Drafts();
      for (const module of modules) {
        for (const { clause, operation } of facts.once(stepsUp, module))
          take(drafts, operation, (at) => ({ path: module.path, form: clause.form, at }));
      }
      for (const [key, table] of drafts.byKey) out.set(out.has(key) ? `${database}${key}` : key, table);
    }
    return out;
  },
};

/** By the application whose `priv/` they are in; what stands elsewhere helps the migrations of the only one, if there is one. */
function byDatabase(modules: readonly ModuleFacts[]): ReadonlyMap<string, readonly ModuleFacts[]> {
  const folders = modules.map(({ path }) => /^.*?\/priv\//.exec(path)?.[0] ?? null);
  const named = new Set(folders.filter((folder) => folder !== null));
  const [only] = named.size === 1 ? named : [];
  const out = new Map<string, ModuleFacts[]>();
  for (const [i, module] of modules.entries()) {
    const folder = folders[i] ?? only ?? "";
    const known = out.get(folder);
    if (known) known.push(module);
    else out.set(folder, [module]);
  }
  return out;
}

/** The tables of that name, whatever their prefix. */
export function tablesCalled(all: ReadonlyMap<string, Table>, name: string): Table[] {
  return [...all.values()].filter((table) => table.name === name);
}
