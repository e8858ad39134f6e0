import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { listFiles, PackageManager } from "@vscode/vsce";
import { run } from "../../../tools/editors/run.ts";
import { root, vsix } from "../paths.ts";

test("the extension is packed, and smaller than 3 MB", async (t) => {
  t.diagnostic((await run(process.execPath, [join(root, "tools", "package.mjs")], { cwd: root })).trim());
  assert.ok(statSync(vsix).size < 3_000_000);
});

test("the package contains what runs and what must be said, and nothing else", async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  assert.deepEqual(files.filter((file) => !file.startsWith("images/")).sort(), [
    "LICENSE",
    "README.md",
    "THIRD-PARTY-NOTICES.md",
    "client/language/elixir.json",
    "client/language/heex.json",
    "client/out/extension.cjs",
    "grammars/tree-sitter-elixir.wasm",
    "grammars/tree-sitter-heex.wasm",
    "grammars/web-tree-sitter.wasm",
    "package.json",
    "schemas/lintel.schema.json",
    "server/out/main-cli.cjs",
    "server/out/main-lsp.cjs",
    "server/out/main-parser.cjs",
  ]);
});
