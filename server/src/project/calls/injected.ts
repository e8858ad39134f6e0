import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Facts } from "../project.ts";

/**
 * The functions and macros of a module whose literal `quote` goes into a module that says `use Module, argument`:
 * `__using__`, the function that the argument names when `__using__` applies it, and the helpers that those splice in.
 */
export function quotingClauses(module: ModuleFacts, argument: string | null): ClauseOfModule[] {
  const seen = new Set<ClauseOfModule>();
  const gather = (clause: ClauseOfModule): void => {
    if (!clause.quoted || seen.has(clause)) return;
    seen.add(clause);
    const { uses, spliced } = clause.quoted;
    // `use __MODULE__, :other` inside the quote.
    const own = uses.flatMap((use) => (use.module === module.name && use.argument !== null ? [use.argument] : []));
    for (const helper of [...spliced, ...own]) for (const named of quoting(module, helper)) gather(named);
  };
  for (const clause of quoting(module, "__using__")) {
    if (!takes(clause, argument)) continue;
    gather(clause);
    if (!clause.quoted?.dispatches || argument === null) continue;
    for (const named of quoting(module, argument)) gather(named);
  }
  return [...seen];
}

/** The clauses with that name that quote something. */
export function quoting(module: ModuleFacts, name: string): ClauseOfModule[] {
  return (module.byName.get(name) ?? []).filter((clause) => clause.quoted !== null);
}

/** False for a clause of `__using__(:other)`. */
function takes({ params: [param] }: ClauseOfModule, argument: string | null): boolean {
  return param?.kind !== "atom" || param.value === argument;
}

/** A function that a macro of the project defines in the modules that use it; `owner` has the macro's source. */
export interface InjectedClause {
  readonly owner: ModuleFacts;
  readonly clause: ClauseOfModule;
}

/** Finds what macros of the project define in the modules that use them. The same clause is always the same object. */
export class InjectedClauses {
  private readonly placed = new WeakMap<ClauseOfModule, readonly ClauseOfModule[]>();

  /** The functions with that name that the module gets by `use`. */
  of(module: ModuleFacts, name: string, facts: Facts): InjectedClause[] {
    const out: InjectedClause[] = [];
    for (const use of module.uses) {
      for (const owner of facts.named(use.module)) {
        for (const macro of quotingClauses(owner, use.argument))
          for (const clause of this.defined(macro)) if (clause.name === name) out.push({ owner, clause });
      }
    }
    return out;
  }

  /** The functions that the macro defines where it is used. */
  defined(macro: ClauseOfModule): readonly ClauseOfModule[] {
    let clauses = this.placed.get(macro);
    if (!clauses) {
      clauses = macro.quoted?.clauses.map((clause) => ({ ...clause, form: macro.form })) ?? [];
      this.placed.set(macro, clauses);
    }
    return clauses;
  }
}
