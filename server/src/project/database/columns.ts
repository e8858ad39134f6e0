import type { SchemaFacts } from "../../facts/facts.ts";

/** The fields of a schema that are columns of its table, foreign keys among them; those of its `timestamps` are not known. */
export function columnsOf(schema: SchemaFacts): ReadonlySet<string> {
  const keys = schema.associations.flatMap(({ kind, foreignKey }) =>
    kind === "belongs_to" && foreignKey !== null ? [foreignKey] : [],
  );
  const fields = schema.fields.flatMap(({ name, virtual }) => (virtual ? [] : [name]));
  return new Set([...schema.primaryKey, ...fields, ...keys]);
}

/** True for a schema with a column that may hold much: documents, lists, binaries, embedded schemas. */
export function isHeavy(schema: Pick<SchemaFacts, "associations" | "fields">): boolean {
  return (
    schema.associations.some(({ kind }) => kind.startsWith("embeds")) ||
    schema.fields.some(({ type, virtual }) => !virtual && /^(?:map|array|binary|bitstring)\b/.test(type))
  );
}
