import type { Edit, FormSource } from "../lint/rule.ts";
import { find } from "../syntax/visit.ts";

type Place = Parameters<FormSource["elsewhere"]>[0];

/** Puts the table in the place of the schema that the query names, here and at the other places. */
export function tableInstead(
  schema: string,
  table: string,
  others: readonly Place[],
): (source: FormSource) => readonly Edit[] | null {
  return (source) => {
    const places = [source, ...others.map((at) => source.elsewhere(at))];
    const edits = places.map((place) => place && editOf(place, schema, table));
    // Rows of a table are no structs: where one is needed, the schema is.
    return edits.every((edit) => edit !== null) ? edits : null;
  };
}

/** `%Post{}` and `Post.changeset` stay what they are: only a query can do without a schema. */
function editOf(source: FormSource, schema: string, table: string): Edit | null {
  const place = source.node(source.at);
  const query = place?.type === "call" ? (place.args[0] ?? null) : place;
  const alias = query && find(query, (node) => node.type === "alias" && node.module === schema);
  return alias && alias.parent?.type !== "map" ? source.replace(alias, JSON.stringify(table)) : null;
}
