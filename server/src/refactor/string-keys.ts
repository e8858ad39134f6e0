import type { Edit, FormSource } from "../lint/rule.ts";
import type { MapLiteral } from "../syntax/ast.ts";

/** `%{id: id}` as `%{"id" => id}`: the keys of these maps, as all entries have to be written alike. */
export function stringKeys(source: FormSource, maps: readonly MapLiteral[]): Edit[] {
  return maps.flatMap(({ items }) =>
    items.flatMap((item) =>
      item.type === "pair" && item.key.type === "atom"
        ? [source.replace({ start: item.start, end: item.value.start }, `"${item.key.value}" => `)]
        : [],
    ),
  );
}
