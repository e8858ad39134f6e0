import { sameSet } from "../../base/same-items.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/**
 * The names of templates, `_price.html`, that are only rendered with values of their own: `render(View, "_price.html", price: @price)`.
 * Such a list has no `__changed__`, so all of the template is computed whenever the expression is.
 */
export const partials: View<ReadonlySet<string>> = {
  name: "partials",
  slices: ["functions"],
  compute(facts, previous) {
    const renders = facts.collect(rendersIn);
    const tracked = new Set(renders.flatMap(({ name, own }) => (own ? [] : [name])));
    const found = new Set(renders.flatMap(({ name }) => (tracked.has(name) ? [] : [name])));
    return previous && sameSet(previous, found) ? previous : found;
  },
};

interface Rendered {
  readonly name: string;
  /** With a list that is written out. */
  readonly own: boolean;
}

const NONE: readonly Rendered[] = [];

function rendersIn({ clauses }: ModuleFacts): readonly Rendered[] {
  const out: Rendered[] = [];
  for (const { calls } of clauses)
    for (const { name, template, args } of calls) {
      const [file] = template && name === "render" ? args.filter(({ kind }) => kind === "string") : [];
      if (file?.kind === "string") out.push({ name: file.value, own: args.at(-1)?.kind === "keyword" });
    }
  return out.length > 0 ? out : NONE;
}
