import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { openInEditor } from "./editors/open-in-editor.ts";

const usage = "npm start [-- [FOLDER] [--no-editor]]";
const root = join(import.meta.dirname, "..");

const { values, positionals } = parseArgs({ options: { "no-editor": { type: "boolean" } }, allowPositionals: true });
if (positionals.length > 1) {
  console.error(`usage: ${usage}`);
  process.exit(2);
}
const folder = resolve(positionals[0] ?? join(root, "test", "fixtures", "shop"));

await build();
const status = await printFindings();
// 0 is "no findings" and 1 is "findings"; both are what this command shows.
if (status !== 0 && status !== 1) process.exitCode = status ?? 1;
else if (!values["no-editor"]) await openInEditor(folder, root);

/** @returns {Promise<number | null>} */
function printFindings() {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, "server/out/main-cli.cjs"), "check", folder], {
      stdio: "inherit",
    });
    child.on("error", fail);
    child.on("close", done);
  });
}
