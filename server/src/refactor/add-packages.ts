import type { Edit, FormSource } from "../lint/rule.ts";

/** Adds packages to the list of a `mix.exs` that the source is at; null where it holds no literal list there. */
export function addPackages(source: FormSource | null, ...packages: readonly string[]): Edit[] | null {
  const list = source?.node(source.at);
  const last = list?.type === "list" ? list.items.at(-1) : undefined;
  if (!source || list?.type !== "list" || list.bare || !last) return null;
  const first = list.items[0] ?? last;
  const onOneLine = !source.between(list.start, first.start).includes("\n");
  const gap = onOneLine ? " " : `\n${source.indentation(last)}`;
  return [source.insertAfter(last, packages.map((text) => `,${gap}${text}`).join(""))];
}
