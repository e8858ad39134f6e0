import type { View } from "./project.ts";

/** Answers whether a module is an Ecto repository. */
export type IsRepo = (module: string) => boolean;

/**
 * Modules that `use Ecto.Repo`, directly or through a wrapper. A module that the project does not define is taken
 * for one when its last part is `Repo` or ends so, by the convention of every generator.
 */
export const repos: View<IsRepo> = {
  name: "repos",
  slices: ["uses"],
  compute(facts) {
    const known = new Map<string, boolean>();
    for (const module of facts.modules()) {
      const repo = module.uses.some((use) => use.module === "Ecto.Repo");
      known.set(module.name, repo || (known.get(module.name) ?? false));
    }
    return (module) => known.get(module) ?? looksLikeRepo(module);
  },
};

/** True for names such as `Repo`, `MyApp.Repo`, `MyApp.ReadRepo`. */
export function looksLikeRepo(module: string): boolean {
  return /(?:^|\.)(?:\w*[a-z0-9])?Repo$/.test(module);
}
