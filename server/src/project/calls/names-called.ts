import type { ModuleFacts } from "../../facts/facts.ts";

/** The names of the other modules that a module calls; the key of an index: see `Facts.having`. */
export function namesCalled({ name, clauses }: ModuleFacts): ReadonlySet<string> {
  const out = new Set<string>();
  for (const { calls } of clauses)
    for (const { module } of calls) if (module !== null && module !== name) out.add(module);
  return out;
}
