import assert from "node:assert/strict";
import * as vscode from "vscode";
import { discardChanges, open } from "./editing.ts";
import { findingOf, findings } from "./findings.ts";
import { eventually, screenshot, test } from "./harness.ts";

test("the Problems panel has the findings of the sample shop, though no file was opened", async () => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, "the sample shop is open");
  const expected = await expectedFindings(folder.uri);
  assert.ok(expected.length >= 12);
  const actual = () => findings().map(({ rule, uri }) => `${rule} in ${vscode.workspace.asRelativePath(uri)}`);
  const isComplete = () => actual().sort().join("\n") === expected.sort().join("\n");
  await eventually("all findings", isComplete).catch(() => assert.deepEqual(actual().sort(), expected.sort()));
  assert.deepEqual(
    vscode.workspace.textDocuments.filter(({ languageId }) => languageId === "elixir"),
    [],
  );
});

test("a finding names its source, its rule and where that is explained", async () => {
  const { uri } = await findingOf("ecto/nil-comparison");
  await open(uri);
  const { diagnostic } = await findingOf("ecto/nil-comparison");
  assert.equal(diagnostic.source, "lintel");
  assert.ok(typeof diagnostic.code === "object", "the code has a target");
  assert.equal(diagnostic.code.value, "ecto/nil-comparison");
  assert.ok(diagnostic.code.target instanceof vscode.Uri);
  assert.ok(!diagnostic.range.isEmpty);
  await vscode.commands.executeCommand("workbench.actions.view.problems");
  await screenshot("extension-host-problems");
  await discardChanges();
});

/** The rows of the table in the shop's EXPECTED.md. */
async function expectedFindings(shop: vscode.Uri): Promise<string[]> {
  const page = Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(shop, "EXPECTED.md"))).toString();
  return [...page.matchAll(/^\| `([\w-]+\/[\w-]+)` \| `([^`]+)` \| \d+ \|/gm)].map(
    ([, rule, file]) => `${rule} in ${file}`,
  );
}
