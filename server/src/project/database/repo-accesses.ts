import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { type LibraryKindOf, libraryKinds } from "../calls/library-modules.ts";
import { primitiveEffect } from "../effects/libraries.ts";
import type { ByModule, View } from "../project.ts";

/** A call of a repository: a read, a write, or a transaction. */
export interface RepoAccess {
  readonly module: ModuleFacts;
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
}

/** By module, its own calls of repositories, by function. */
export const repoAccesses: View<ByModule<readonly (readonly RepoAccess[])[]>> = {
  name: "repo accesses",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const kindOf = facts.read(libraryKinds);
    return previous instanceof Accesses && previous.kindOf === kindOf ? previous : new Accesses(kindOf);
  },
};

class Accesses implements ByModule<readonly (readonly RepoAccess[])[]> {
  private readonly known = new WeakMap<ModuleFacts, readonly (readonly RepoAccess[])[]>();

  constructor(readonly kindOf: LibraryKindOf) {}

  of(module: ModuleFacts): readonly (readonly RepoAccess[])[] {
    const known = this.known.get(module);
    if (known) return known;
    const byFunction = new Map<string, RepoAccess[]>();
    for (const clause of module.clauses) {
      const found = clause.calls.filter((call) => isAccess(call, this.kindOf));
      const key = `${clause.name}/${clause.arity}`;
      const accesses = found.map((call) => ({ module, clause, call }));
      if (accesses.length > 0) byFunction.set(key, [...(byFunction.get(key) ?? []), ...accesses]);
    }
    const now = [...byFunction.values()];
    this.known.set(module, now);
    return now;
  }
}

const PING = /^\s*select\s+(?:1|now\(\)|version\(\)|true)\s*;?\s*$/i;

/** Reads, writes and transactions. What a page shows of a row that it was given is its own affair: `preload` is none. */
function isAccess(call: CallFact, kindOf: LibraryKindOf): boolean {
  if (call.module === null || kindOf(call.module) !== "repo" || /^(?:preload|reload!?)$/.test(call.name)) return false;
  const [sql] = call.args;
  if (/^query/.test(call.name) && sql?.kind === "string" && PING.test(sql.value)) return false;
  return primitiveEffect(call, kindOf) !== null || /^transact(?:ion)?$/.test(call.name);
}
