import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { addFunctionWithNilComparison, discardChanges, open } from "./editing.ts";
import { findingOf, waitForCount } from "./findings.ts";
import { eventually, test } from "./harness.ts";

const rule = "ecto/nil-comparison";

test("a server that dies is started again, and the text is as it was", async () => {
  const { uri } = await findingOf(rule);
  const editor = await open(uri);
  await addFunctionWithNilComparison(editor);
  await waitForCount(uri, rule, 2);
  const text = editor.document.getText();

  const [before] = serverProcesses();
  assert.ok(before, "the server is a child of the extension host");
  process.kill(before, "SIGKILL");

  await eventually("another server process", () => serverProcesses().some((id) => id !== before));
  await waitForCount(uri, rule, 2);
  assert.equal(editor.document.getText(), text);
  // Only a live server notices that the text on disk is back.
  await discardChanges();
  await waitForCount(uri, rule, 1);
});

/** The process ids of the language servers that this extension host has started. */
function serverProcesses(): number[] {
  return execFileSync("ps", ["-A", "-o", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s.*main-lsp\.cjs/.exec(line))
    .filter((match) => Number(match?.[2]) === process.pid)
    .map((match) => Number(match?.[1]));
}
