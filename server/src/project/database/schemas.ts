import { shortName } from "../../base/module-name.ts";
import type { Association, ModuleFacts, Ordinal, SchemaFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** The Ecto schemas of the project. */
export interface Schemas {
  /** The schema that a module declares, or null. */
  of(module: string): SchemaFacts | null;
  /** True where deleting a row of some schema does something to those of others: `on_delete: :delete_all`. */
  readonly someTakeAlong: boolean;
  /** The application's own schemas of a table. */
  on(table: string): readonly SchemaOnTable[];
  /** The has_many or has_one with that name, to that schema, by that foreign key; null when no schema declares it so. */
  hasAssociation(name: string, related: string, foreignKey: string): Association | null;
  /** A schema that has many of that schema by that foreign key; null where none does. */
  hasMany(related: string, foreignKey: string): string | null;
}

/** A schema, and the module that declares it. */
export interface SchemaOnTable {
  readonly module: string;
  readonly path: string;
  readonly schema: NonNullable<ModuleFacts["schema"]>;
}

export const schemas: View<Schemas> = {
  name: "schemas",
  slices: ["schemas"],
  compute(facts) {
    const byTable = new Map<string, SchemaOnTable[]>();
    const byModule = new Map<string, SchemaFacts>();
    const has: { owner: string; association: Association }[] = [];
    for (const module of facts.where(hasSchema)) {
      if (!module.schema) continue;
      byModule.set(module.name, module.schema);
      if (module.schema.source !== null && module.fileClass === "code") {
        const { name, path, schema } = module;
        const known = byTable.get(module.schema.source);
        if (known) known.push({ module: name, path, schema });
        else byTable.set(module.schema.source, [{ module: name, path, schema }]);
      }
      for (const association of module.schema.associations) {
        if (association.kind === "has_many" || association.kind === "has_one")
          has.push({ owner: module.name, association });
      }
    }
    const byKey = (owner: string, { foreignKey }: Association): string => foreignKey ?? defaultKey(owner);
    return {
      someTakeAlong: has.some(({ association }) => association.onDelete),
      on: (table) => byTable.get(table) ?? [],
      of: (module) => byModule.get(module) ?? null,
      hasAssociation(name, related, foreignKey) {
        const fits = has.find(
          ({ owner, association }) =>
            association.name === name && association.related === related && byKey(owner, association) === foreignKey,
        );
        return fits?.association ?? null;
      },
      hasMany(related, foreignKey) {
        const fits = has.find(
          ({ owner, association }) =>
            association.kind === "has_many" &&
            association.related === related &&
            byKey(owner, association) === foreignKey,
        );
        return fits?.owner ?? null;
      },
    };
  },
};

function hasSchema({ schema }: ModuleFacts): boolean {
  return schema !== null;
}

/** Where a schema declares the field, or the association, that a column stands behind; null where it does not. A virtual field has none. */
export function columnPlace({ fields, associations }: SchemaFacts, column: string): Ordinal | null {
  const field = fields.find(({ name, source, virtual }) => !virtual && (source ?? name) === column);
  const key = associations.find(({ kind, foreignKey }) => kind === "belongs_to" && foreignKey === column);
  return field?.at ?? key?.at ?? null;
}

/** The column behind a field of the schema: its `source:`, or the field's own name, as of a table without a known schema. */
export function columnOf(schema: SchemaFacts | null, field: string): string {
  return schema?.fields.find(({ name }) => name === field)?.source ?? field;
}

/** The foreign key that Ecto assumes for an association of the schema: `MyApp.LineItem` is `line_item_id`. */
export function defaultKey(module: string): string {
  const name = shortName(module);
  return `${name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase()}_id`;
}
