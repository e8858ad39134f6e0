import { chmodSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { copyGrammars } from "./grammars.mjs";
import { writeRuleIndex } from "./rules.mjs";

const root = join(import.meta.dirname, "..");

/** @type {esbuild.BuildOptions} */
const node = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // The ES module build of web-tree-sitter needs `import.meta.url`, which a CommonJS bundle does not have.
  alias: { "web-tree-sitter": join(root, "node_modules/web-tree-sitter/web-tree-sitter.cjs") },
  // A rule's documentation is part of the bundle.
  loader: { ".md": "text" },
  // The `main` of jsonc-parser is UMD, whose requires a bundler cannot follow; its `module` can be bundled.
  mainFields: ["module", "main"],
  metafile: true,
  logLevel: "warning",
};

/** @type {esbuild.BuildOptions} */
const executable = {
  ...node,
  // ES modules among the libraries ask where they are; a CommonJS bundle knows that by another name.
  define: { "import.meta.url": "bundleUrl" },
  banner: { js: '#!/usr/bin/env node\nconst bundleUrl = require("node:url").pathToFileURL(__filename).href;' },
};

/** @type {esbuild.BuildOptions[]} */
const bundles = [
  { ...node, entryPoints: ["client/src/extension.ts"], outfile: "client/out/extension.cjs", external: ["vscode"] },
  { ...executable, entryPoints: ["server/src/main-lsp.ts"], outfile: "server/out/main-lsp.cjs" },
  { ...executable, entryPoints: ["server/src/main-cli.ts"], outfile: "server/out/main-cli.cjs" },
  { ...node, entryPoints: ["server/src/main-parser.ts"], outfile: "server/out/main-parser.cjs" },
];

/**
 * Builds the client, the language server and the command line.
 *
 * @param {{ minify?: boolean }} [options]
 * @returns {Promise<esbuild.Metafile[]>} what each bundle is made of
 */
export async function build({ minify = false } = {}) {
  copyGrammars();
  writeRuleIndex();
  const options = { minify, sourcemap: /** @type {const} */ (minify ? false : "linked") };
  const results = await Promise.all(bundles.map((bundle) => esbuild.build({ ...bundle, ...options })));
  for (const { banner, outfile } of bundles) if (banner && outfile) chmodSync(join(root, outfile), 0o755);
  return results.map(({ metafile }) => /** @type {esbuild.Metafile} */ (metafile));
}

if (process.argv[1] === import.meta.filename) {
  const start = Date.now();
  try {
    await build({ minify: process.argv.includes("--minify") });
    console.log(`Built in ${Date.now() - start} ms`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
