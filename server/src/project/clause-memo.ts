import type { ClauseOfModule, ModuleFacts } from "../facts/facts.ts";

/** A smaller module is gone through sooner than what is known of its clauses is found. */
const MANY = 64;

/** What functions say of single clauses of large modules: after an edit, only the clause that changed is asked. */
export class ClauseMemo {
  private readonly known = new Map<unknown, WeakMap<ClauseOfModule, readonly unknown[]>>();

  /**
   * What the function gives for each clause of the module, in one list. The function is a constant, and depends on nothing but
   * the clause.
   */
  all<T>(of: (clause: ClauseOfModule) => readonly T[], { clauses }: ModuleFacts): readonly T[] {
    if (clauses.length < MANY) return clauses.flatMap(of);
    let known = this.known.get(of);
    if (!known) {
      known = new WeakMap();
      this.known.set(of, known);
    }
    const out: T[] = [];
    for (const clause of clauses) {
      let said = known.get(clause) as readonly T[] | undefined;
      if (!said) {
        said = of(clause);
        known.set(clause, said);
      }
      for (const item of said) out.push(item);
    }
    return out;
  }
}
