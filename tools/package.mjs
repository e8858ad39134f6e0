import { statSync } from "node:fs";
import { join } from "node:path";
import { createVSIX } from "@vscode/vsce";
import { build } from "./build.mjs";
import { writeNotices } from "./notices.mjs";

const root = join(import.meta.dirname, "..");
const limit = 3_000_000;

/** Builds, minified, and packs `lintel.vsix`; leaves the plain build behind. */
async function packageExtension() {
  const vsix = join(root, "lintel.vsix");
  try {
    writeNotices(await build({ minify: true }));
    await createVSIX({ cwd: root, packagePath: vsix, dependencies: false });
  } finally {
    await build();
  }
  const { size } = statSync(vsix);
  console.log(`lintel.vsix: ${(size / 1e6).toFixed(2)} MB`);
  if (size > limit) throw new Error(`lintel.vsix is larger than ${limit / 1e6} MB`);
}

await packageExtension();
