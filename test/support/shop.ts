import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { root } from "./engine.ts";

const folder = join(root, "test/fixtures/shop");

/** The sources of the shop, by path relative to it. */
export function shopFiles(): Map<string, string> {
  const out = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(?:ex|exs|heex)$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    out.set(relative(folder, path), readFileSync(path, "utf8"));
  }
  return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}
