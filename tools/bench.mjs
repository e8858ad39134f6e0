import { spawnSync } from "node:child_process";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { build } from "./build.mjs";

const root = join(import.meta.dirname, "..");
const bundle = join(root, "test/perf/bench.gen.mjs");

// What is measured is what is shipped: bundled, not transformed while it runs.
await build();
await esbuild.build({
  absWorkingDir: root,
  entryPoints: ["test/perf/bench.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  external: ["web-tree-sitter"],
  mainFields: ["module", "main"],
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
});
const run = spawnSync(process.execPath, ["--expose-gc", bundle, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = run.status ?? 1;
