import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** The associations that queries of the project preload below others: with their owners, and so for all of these at once. */
export interface NestedPreloads {
  /** True where the association of that schema's rows is so preloaded. */
  has(schema: string, association: string): boolean;
}

export const nestedPreloads: View<NestedPreloads> = {
  name: "nested preloads",
  slices: ["functions", "schemas"],
  compute(facts, previous) {
    const preloads = facts.collect(preloadsIn);
    const associations = facts.collect(associationsOf);
    const isSame = previous instanceof Nested && previous.of[0] === preloads && previous.of[1] === associations;
    return isSame ? previous : new Nested([preloads, associations]);
  },
};

/** An association by its name, and the schema of its rows. */
interface Related {
  readonly name: string;
  readonly related: string;
}

class Nested implements NestedPreloads {
  private readonly found: ReadonlySet<string>;

  constructor(readonly of: readonly [readonly string[], readonly Related[]]) {
    const [preloads, associations] = of;
    this.found = new Set(
      preloads.flatMap((path) => {
        const [owner, association] = path.split(".");
        return associations.flatMap(({ name, related }) => (name === owner ? [`${related}.${association}`] : []));
      }),
    );
  }

  has(schema: string, association: string): boolean {
    return this.found.has(`${schema}.${association}`);
  }
}

function preloadsIn({ clauses, fileClass }: ModuleFacts): readonly string[] {
  return fileClass === "code" ? clauses.flatMap(({ preloads }) => preloads.filter((path) => path.includes("."))) : [];
}

function associationsOf({ schema }: ModuleFacts): readonly Related[] {
  return (schema?.associations ?? []).flatMap(({ name, related }) => (related === null ? [] : [{ name, related }]));
}
