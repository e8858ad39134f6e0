import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { ensureCodeServer } from "../../../tools/editors/install-code-server.ts";
import { run } from "../../../tools/editors/run.ts";
import { root } from "../paths.ts";
import { tool } from "../tool.ts";

const start = ["--import", "tsx", join(root, "tools", "start.mjs")];

test("`npm start -- --no-editor` prints the findings of the sample shop", async () => {
  const output = await run(process.execPath, [...start, "--no-editor"], { cwd: root });
  assert.match(output, /ecto\/nil-comparison/);
});

test("`npm start` without a display serves VS Code in the browser until it is interrupted", async (t) => {
  if (!(await tool(t, ensureCodeServer))) return;
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
  const child = spawn(process.execPath, start, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill());
  const address = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      const match = /^ {2}(http:\S+)$/m.exec(output);
      if (match?.[1]) resolve(match[1]);
    });
    child.on("close", (code) => reject(new Error(`It ended with status ${code}:\n${output}`)));
  });
  assert.equal((await fetch(address)).status, 200);
  const closed = once(child, "close");
  child.kill("SIGINT");
  const [code] = await closed;
  assert.equal(code, 0);
});
