import type { ModuleFacts } from "../facts/facts.ts";
import type { View } from "./project.ts";

/** Answers whether a module is an Ecto repository. `known` lists what the project says of its own modules. */
export type IsRepo = ((module: string) => boolean) & { readonly known: string };

/**
 * Modules that `use Ecto.Repo`, directly or through a macro, or that wrap a repository by hand. A module that the project
 * does not define is taken for one when its last part is `Repo` or ends so, by the convention of every generator.
 * As long as the answers are the same, so is the value: an edit of some function concerns nobody who asked.
 */
export const repos: View<IsRepo> = {
  name: "repos",
  slices: ["uses", "functions"],
  compute(facts, previous) {
    const answers = new Map<string, boolean>();
    for (const module of facts.modules()) {
      const repo = module.uses.some((use) => use.module === "Ecto.Repo") || wrapsRepo(module);
      // Only what the name alone would not tell.
      if (repo || looksLikeRepo(module.name)) answers.set(module.name, repo || (answers.get(module.name) ?? false));
    }
    const known = JSON.stringify([...answers].sort());
    if (previous?.known === known) return previous;
    return Object.assign((module: string) => answers.get(module) ?? looksLikeRepo(module), { known });
  },
};

/** A module called so that offers a repository's functions itself, by hand. */
function wrapsRepo(module: ModuleFacts): boolean {
  if (!looksLikeRepo(module.name)) return false;
  const defines = (name: string): boolean => module.clauses.some((clause) => clause.name === name);
  return defines("all") && defines("get");
}

/** True for names such as `Repo`, `MyApp.Repo`, `MyApp.ReadRepo`. */
export function looksLikeRepo(module: string): boolean {
  return /(?:^|\.)(?:\w*[a-z0-9])?Repo$/.test(module);
}
