import type { SchemaFacts } from "../../facts/facts.ts";

/** The fields of a schema that are columns of its table, foreign keys among them; those of its `timestamps` are not known. */
export function columnsOf(schema: SchemaFacts): ReadonlySet<string> {
  const keys = schema.associations.flatMap(({ kind, foreignKey }) =>
    kind === "belongs_to" && foreignKey !== null ? [foreignKey] : [],
  );
  const fields = schema.fields.flatMap(({ name, virtual }) => (virtual ? [] : [name]));
  return new Set([...schema.primaryKey, ...fields, ...keys]);
}

/** Of these, and of what `timestamps` as a rule adds, those whose values a query compares as Elixir does: no documents, lists or ciphertexts. */
export function comparableColumns(schema: SchemaFacts): ReadonlySet<string> {
  const others = new Set(schema.fields.flatMap(({ name, type }) => (NOT_COMPARED.test(type) ? [name] : [])));
  return new Set([...columnsOf(schema), "inserted_at", "updated_at"].filter((name) => !others.has(name)));
}

const NOT_COMPARED = /^(?:map|array|any)\b|Encrypt|Cipher|Cloak|Vault/;

/** True for a schema with a column that may hold much: documents, lists, binaries, embedded schemas. */
export function isHeavy(schema: Pick<SchemaFacts, "associations" | "fields">): boolean {
  return (
    schema.associations.some(({ kind }) => kind.startsWith("embeds")) ||
    schema.fields.some(({ type, virtual }) => !virtual && /^(?:map|array|binary|bitstring)\b/.test(type))
  );
}
