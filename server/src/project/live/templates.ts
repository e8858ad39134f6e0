import type { ModuleFacts } from "../../facts/facts.ts";

const KINDS: readonly string[] = [".html.heex", ".html.leex"];

/** The templates that stand beside the file of a module that has no `render/1` itself. */
export function templatesBeside(
  { path, byName }: ModuleFacts,
  named: (name: string) => readonly ModuleFacts[],
): readonly ModuleFacts[] {
  if (byName.has("render")) return [];
  const stem = path.replace(/\.ex$/, "");
  return KINDS.flatMap((kind) => named(stem + kind)).filter(({ keyword }) => keyword === "template");
}

/** The file of the module that a template stands beside. */
export function ownerOf({ path }: ModuleFacts): string {
  return path.replace(/\.html\.[hl]eex$/, ".ex");
}
