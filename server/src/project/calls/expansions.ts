import type { Expansion, Expansions, ImportedModule, Use } from "../../base/use.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";
import { quoting, quotingClauses } from "./injected.ts";

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
        const defining = facts.named(module).find((candidate) => quoting(candidate, "__using__").length > 0);
        answer = defining ? expansionOf(defining, argument) : null;
        known.set(key, answer);
      }
      return answer;
    };
  },
};

function expansionOf(module: ModuleFacts, argument: string | null): Expansion {
  const gathered = {
    uses: [] as Use[],
    imports: [] as ImportedModule[],
    aliases: [] as (readonly [string, string])[],
  };
  for (const { quoted } of quotingClauses(module, argument)) {
    if (!quoted) continue;
    gathered.uses.push(...quoted.uses.filter((use) => use.module !== module.name));
    gathered.imports.push(...quoted.imports);
    gathered.aliases.push(...quoted.aliases);
  }
  return gathered;
}
