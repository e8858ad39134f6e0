import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";

const known = new WeakMap<ModuleFacts, ReadonlyMap<string, readonly ClauseOfModule[]>>();

/**
 * The clauses of a module that call any function of one of those modules, in source order. Most modules call few others:
 * who looks for calls of a library asks here, and does not go through all of them.
 */
export function clausesCalling(module: ModuleFacts, ...called: readonly string[]): readonly ClauseOfModule[] {
  const byModule = indexOf(module);
  const found = called.flatMap((name) => byModule.get(name) ?? []);
  if (found.length < 2 || called.length === 1) return found;
  const clauses = new Set(found);
  return module.clauses.filter((clause) => clauses.has(clause));
}

function indexOf(module: ModuleFacts): ReadonlyMap<string, readonly ClauseOfModule[]> {
  let index = known.get(module);
  if (!index) {
    index = byModuleCalled(module);
    known.set(module, index);
  }
  return index;
}

function byModuleCalled({ clauses }: ModuleFacts): ReadonlyMap<string, readonly ClauseOfModule[]> {
  const out = new Map<string, ClauseOfModule[]>();
  for (const clause of clauses) {
    for (const { module } of clause.calls) {
      if (module === null) continue;
      const calling = out.get(module);
      if (!calling) out.set(module, [clause]);
      else if (calling.at(-1) !== clause) calling.push(clause);
    }
  }
  return out.size > 0 ? out : EMPTY;
}

const EMPTY: ReadonlyMap<string, readonly ClauseOfModule[]> = new Map();

/** The names of the other modules that a module calls; the key of an index: see `Facts.having`. */
export function namesCalled(module: ModuleFacts): readonly string[] {
  return [...indexOf(module).keys()].filter((name) => name !== module.name);
}
