import type { Def, Node, Tuple } from "../syntax/ast.ts";
import { find, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { PackagesFact } from "./facts.ts";

/**
 * What a function of a `mix.exs` says of the project: the packages that it names as dependencies, `{:phoenix, "~> 1.8"}` and
 * its like, wherever it has them, whether Hex would take it, and whether a database is made from a dump. Null where there is
 * nothing.
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
  const structure = find(def.body, loadsStructure) !== null;
  const unpublishable = find(def.body, keepsOffHex) !== null;
  if (names.size === 0 && !structure && !unpublishable) return null;
  return { names: [...names], list: list === null ? null : anchors.add(list), structure, unpublishable };
}

/** `"ecto.load"` among the steps of an alias (ecto_sql 3.13, "mix ecto.load": loads a dumped structure). */
function loadsStructure(node: Node): boolean {
  return node.type === "string" && /^ecto\.load(?:\s|$)/.test(node.value ?? "");
}

/**
 * Hex takes no package that needs another one out of a repository, and none that is an umbrella (Hex 2.0, "mix hex.publish":
 * only Hex packages may be dependencies). A `path:` may be there while two packages are worked on.
 */
function keepsOffHex(node: Node): boolean {
  if (node.type === "pair") return node.key.type === "atom" && node.key.value === "apps_path";
  if (node.type !== "tuple" || packageOf(node) === null) return false;
  const options = optionsOf(node);
  return options.some((key) => key === "git" || key === "github") && !options.includes("only");
}

/** The keys of the options of `{:scales, "~> 1.0", github: "depot/scales"}`. */
function optionsOf({ items }: Tuple): readonly string[] {
  const last = items.at(-1);
  if (last?.type !== "list") return [];
  return last.items.flatMap((item) => (item.type === "pair" && item.key.type === "atom" ? [item.key.value] : []));
}

function packageOf(item: Node): string | null {
  if (item.type !== "tuple") return null;
  const [name, requirement] = item.items;
  if (name?.type !== "atom" || !requirement) return null;
  return requirement.type === "string" || requirement.type === "list" || requirement.type === "call"
    ? name.value
    : null;
}
