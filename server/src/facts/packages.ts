import type { Def, Node } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { PackagesFact } from "./facts.ts";

/**
 * The packages that a function of a `mix.exs` names as dependencies: `{:phoenix, "~> 1.8"}` and its like, wherever it has
 * them. Null where there are none.
 */
export function packagesOf(def: Def, anchors: Anchors): PackagesFact | null {
  if (!def.body) return null;
  const names = new Set<string>();
  let list: Node | null = null;
  visit(def.body, (node) => {
    if (node.type !== "list") return;
    const found = node.items.flatMap((item) => packageOf(item) ?? []);
    for (const name of found) names.add(name);
    if (found.length > 0 && found.length === node.items.length && !node.bare) list ??= node;
  });
  if (names.size === 0) return null;
  return { names: [...names], list: list === null ? null : anchors.add(list) };
}

function packageOf(item: Node): string | null {
  if (item.type !== "tuple") return null;
  const [name, requirement] = item.items;
  if (name?.type !== "atom" || !requirement) return null;
  return requirement.type === "string" || requirement.type === "list" || requirement.type === "call"
    ? name.value
    : null;
}
