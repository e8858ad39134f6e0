import type { Expansion, Expansions, Use } from "../base/use.ts";
import type { ClauseOfModule, ModuleFacts, QuotedFacts } from "../facts/facts.ts";
import type { View } from "./project.ts";

/** How many helper functions deep `unquote(helpers())` is followed. */
const SPLICE_DEPTH = 8;

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

function expansionOf(module: ModuleFacts, argument: string | null): Expansion {
  const gathered = { uses: [] as Use[], imports: [] as string[], aliases: [] as (readonly [string, string])[] };
  const gather = (quoted: QuotedFacts, depth: number): void => {
    gathered.uses.push(...quoted.uses.filter((use) => use.module !== module.name));
    gathered.imports.push(...quoted.imports);
    gathered.aliases.push(...quoted.aliases);
    if (depth >= SPLICE_DEPTH) return;
    for (const helper of quoted.spliced) {
      for (const clause of clauses(module, helper)) gather(clause.quoted as QuotedFacts, depth + 1);
    }
    for (const use of quoted.uses) {
      // `use __MODULE__, :other` inside the quote.
      if (use.module !== module.name || use.argument === null) continue;
      for (const clause of clauses(module, use.argument)) gather(clause.quoted as QuotedFacts, depth + 1);
    }
  };
  for (const clause of clauses(module, "__using__")) {
    const quoted = clause.quoted as QuotedFacts;
    gather(quoted, 0);
    if (!quoted.dispatches || argument === null) continue;
    for (const named of clauses(module, argument)) gather(named.quoted as QuotedFacts, 0);
  }
  return gathered;
}
