import type { Expansion, Expansions, ImportedModule, Use } from "../base/use.ts";
import type { ClauseOfModule, ModuleFacts } from "../facts/facts.ts";
import type { View } from "./project.ts";

/**
 * What `use Module, argument` of the project's own modules brings in: read from the literal `quote` of `__using__`, or of
 * the function that the argument names when `__using__` applies it. Null for a module that defines no `__using__`.
 */
export const expansions: View<Expansions> = {
  name: "expansions",
  slices: ["quoted"],
  compute(facts) {
    const known = new Map<string, Expansion | null>();
    return (module, argument) => {
      const key = `${module}:${argument}`;
      let answer = known.get(key);
      if (answer === undefined) {
        const defining = facts.named(module).find((candidate) => clauses(candidate, "__using__").length > 0);
        answer = defining ? expansionOf(defining, argument) : null;
        known.set(key, answer);
      }
      return answer;
    };
  },
};

function clauses(module: ModuleFacts, name: string): ClauseOfModule[] {
  return module.clauses.filter((clause) => clause.name === name && clause.quoted !== null);
}

/** False for a clause of `__using__(:other)`. */
function takes({ params: [param] }: ClauseOfModule, argument: string | null): boolean {
  return param?.kind !== "atom" || param.value === argument;
}

function expansionOf(module: ModuleFacts, argument: string | null): Expansion {
  const gathered = {
    uses: [] as Use[],
    imports: [] as ImportedModule[],
    aliases: [] as (readonly [string, string])[],
  };
  const seen = new Set<ClauseOfModule>();
  const gather = (clause: ClauseOfModule): void => {
    if (!clause.quoted || seen.has(clause)) return;
    seen.add(clause);
    const { uses, imports, aliases, spliced } = clause.quoted;
    gathered.uses.push(...uses.filter((use) => use.module !== module.name));
    gathered.imports.push(...imports);
    gathered.aliases.push(...aliases);
    // `use __MODULE__, :other` inside the quote.
    const own = uses.flatMap((use) => (use.module === module.name && use.argument !== null ? [use.argument] : []));
    for (const helper of [...spliced, ...own]) for (const named of clauses(module, helper)) gather(named);
  };
  for (const clause of clauses(module, "__using__")) {
    if (!takes(clause, argument)) continue;
    gather(clause);
    if (!clause.quoted?.dispatches || argument === null) continue;
    for (const named of clauses(module, argument)) gather(named);
  }
  return gathered;
}
