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

/** Where many of a schema are cast at once. */
export interface CastAssociations {
  /** The first cast that calls the schema's `changeset/2`. */
  of(schema: string): CastAssociation | undefined;
  readonly casts: readonly Cast[];
  readonly many: readonly Many[];
}

export const castAssociations: View<CastAssociations> = {
  name: "cast associations",
  slices: ["functions", "schemas"],
  compute(facts, previous) {
    const casts = facts.collect(castsIn);
    const many = facts.collect(manyIn);
    if (previous?.casts === casts && previous.many === many) return previous;
    const first = new Map<string, CastAssociation>();
    for (const { caller, at, association } of casts) {
      const named = many.filter((one) => one.association === association);
      const own = named.find(({ owner }) => owner === caller);
      // A changeset is handed on: where another module casts, the only schema with such an association is meant.
      const related = own?.related ?? (named.length === 1 ? named[0]?.related : undefined);
      if (related !== undefined && !first.has(related)) first.set(related, { at, association });
    }
    return { of: (schema) => first.get(schema), casts, many };
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
