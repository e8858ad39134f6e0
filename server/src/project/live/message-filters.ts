import type { Anchor, ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** A `handle_info` for messages of one tag that drops those that are not meant for its process. */
export interface MessageFilter {
  readonly tag: string;
  readonly at: Anchor;
}

/** All such clauses of the project. */
export const messageFilters: View<readonly MessageFilter[]> = {
  name: "message-filters",
  slices: ["functions"],
  compute: (facts) => facts.collect(filtersIn),
};

function filtersIn({ path, byName }: ModuleFacts): MessageFilter[] {
  return (byName.get("handle_info") ?? []).flatMap(({ filters, params: [message], form }) => {
    const first = message?.kind === "tuple" ? message.items[0] : null;
    return filters === null || first?.kind !== "atom" ? [] : [{ tag: first.value, at: { path, form, at: filters } }];
  });
}

/** Where messages with that tag are dropped. */
export function filtersOf(filters: readonly MessageFilter[], tag: string | null): Anchor[] {
  return filters.filter((filter) => filter.tag === tag).map(({ at }) => at);
}
