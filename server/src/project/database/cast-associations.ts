import type { Anchor, CallFact, ModuleFacts } from "../../facts/facts.ts";
import { entry } from "../../facts/shape.ts";
import type { View } from "../project.ts";

/** A `cast_assoc` or `cast_embed` that calls the other schema's own `changeset/2` once for each of the things that it casts. */
export interface CastAssociation {
  readonly at: Anchor;
  readonly association: string;
}

interface Cast extends CastAssociation {
  readonly caller: string;
}

interface Many {
  readonly owner: string;
  readonly association: string;
  readonly related: string;
}

const NONE: readonly CastAssociation[] = [];

/** By the schema whose `changeset/2` is called, where many of it are cast at once. */
export const castAssociations: View<ReadonlyMap<string, readonly CastAssociation[]>> = {
  name: "cast associations",
  slices: ["functions", "schemas"],
  compute(facts, previous) {
    const casts = facts.collect(castsIn);
    const many = facts.collect(manyIn);
    const out = new Map<string, readonly CastAssociation[]>();
    for (const { caller, at, association } of casts) {
      const named = many.filter((one) => one.association === association);
      const [one] = named.filter(({ owner }) => owner === caller);
      // A changeset is handed on: where another module casts, the only schema with such an association is meant.
      const related = one?.related ?? (named.length === 1 ? named[0]?.related : undefined);
      if (related !== undefined) out.set(related, [...(out.get(related) ?? NONE), { at, association }]);
    }
    return previous && JSON.stringify([...previous]) === JSON.stringify([...out]) ? previous : out;
  },
};

function castsIn(module: ModuleFacts): readonly Cast[] {
  if (module.fileClass !== "code") return [];
  return module.clauses.flatMap(({ form, calls }) =>
    calls.flatMap((call): Cast[] => {
      const association = castBy(call);
      return association === null
        ? []
        : [{ caller: module.name, association, at: { path: module.path, form, at: call.at } }];
    }),
  );
}

/** The association that the call casts by the schema's own `changeset/2`. */
function castBy({ name, args: [, association, options] }: CallFact): string | null {
  if (name !== "cast_assoc" && name !== "cast_embed") return null;
  if (options && (options.kind !== "keyword" || entry(options, "with"))) return null;
  return association?.kind === "atom" ? association.value : null;
}

function manyIn({ name, schema }: ModuleFacts): readonly Many[] {
  return (schema?.associations ?? []).flatMap(({ kind, name: association, related }) =>
    related !== null && /_many$/.test(kind) ? [{ owner: name, association, related }] : [],
  );
}
