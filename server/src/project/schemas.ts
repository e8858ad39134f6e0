import type { Association, ModuleFacts, SchemaFacts } from "../facts/facts.ts";
import type { View } from "./project.ts";

/** The Ecto schemas of the project. */
export interface Schemas {
  /** The schema that a module declares, or null. */
  of(module: string): SchemaFacts | null;
  /** The has_many or has_one with that name, to that schema, by that foreign key; null when no schema declares it so. */
  hasAssociation(name: string, related: string, foreignKey: string): Association | null;
}

export const schemas: View<Schemas> = {
  name: "schemas",
  slices: ["schemas"],
  compute(facts) {
    const byModule = new Map<string, SchemaFacts>();
    const has: { owner: string; association: Association }[] = [];
    for (const module of facts.where(hasSchema)) {
      if (!module.schema) continue;
      byModule.set(module.name, module.schema);
      for (const association of module.schema.associations) {
        if (association.kind === "has_many" || association.kind === "has_one")
          has.push({ owner: module.name, association });
      }
    }
    return {
      of: (module) => byModule.get(module) ?? null,
      hasAssociation(name, related, foreignKey) {
        const fits = has.find(
          ({ owner, association }) =>
            association.name === name &&
            association.related === related &&
            (association.foreignKey ?? defaultKey(owner)) === foreignKey,
        );
        return fits?.association ?? null;
      },
    };
  },
};

function hasSchema({ schema }: ModuleFacts): boolean {
  return schema !== null;
}

/** The foreign key that Ecto assumes for an association of the schema: `MyApp.LineItem` is `line_item_id`. */
function defaultKey(module: string): string {
  const name = module.slice(module.lastIndexOf(".") + 1);
  return `${name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase()}_id`;
}
