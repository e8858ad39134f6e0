import type { Edit, FormSource } from "../lint/rule.ts";
import { keywordValue } from "../syntax/flow.ts";
import { find } from "../syntax/visit.ts";

/** Adds `restart:` to the map that a `child_spec/1` is, on a line of its own where the others have theirs. */
export function restartOfSpec(source: FormSource, restart: string): readonly Edit[] | null {
  const map = find(source.ast, (node) => keywordValue(node, "start") !== null);
  const last = map?.type === "map" ? map.items.at(-1) : undefined;
  if (!map || last?.type !== "pair") return null;
  const isLong = source.indentation(last) !== source.indentation(map);
  return [source.insertAfter(last, `,${isLong ? `\n${source.indentation(last)}` : " "}restart: :${restart}`)];
}
