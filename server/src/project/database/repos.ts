import { type LibraryKindOf, libraryKinds } from "../calls/library-modules.ts";
import type { View } from "../project.ts";

/** Answers whether a module is an Ecto repository. */
export type IsRepo = ((module: string) => boolean) & { readonly kindOf: LibraryKindOf };

/** The repositories among the modules that use a library; the same value as long as those are the same. */
export const repos: View<IsRepo> = {
  name: "repos",
  slices: libraryKinds.slices,
  compute(facts, previous) {
    const kindOf = facts.read(libraryKinds);
    if (previous?.kindOf === kindOf) return previous;
    return Object.assign((module: string) => kindOf(module) === "repo", { kindOf });
  },
};
