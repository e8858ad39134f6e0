import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";

/**
 * The clauses of a module that call any function of one of those modules, in source order. Most modules call few others:
 * who looks for calls of a library asks here, and does not go through all of them.
 */
export function clausesCalling(module: ModuleFacts, ...called: readonly string[]): readonly ClauseOfModule[] {
  const found = called.flatMap((name) => module.byCalled.get(name) ?? []);
  if (found.length < 2 || called.length === 1) return found;
  const clauses = new Set(found);
  return module.clauses.filter((clause) => clauses.has(clause));
}

/** The names of the other modules that a module calls; the key of an index: see `Facts.having`. */
export function namesCalled({ name, byCalled }: ModuleFacts): readonly string[] {
  return [...byCalled.keys()].filter((called) => called !== name);
}

/** The file of a module; the key of an index: see `Facts.having`. */
export function fileOf({ path }: ModuleFacts): readonly string[] {
  return [path];
}

/** The modules that a module has as values; the key of an index: see `Facts.having`. */
export function mentionsOf({ mentions }: ModuleFacts): readonly string[] {
  return mentions;
}
