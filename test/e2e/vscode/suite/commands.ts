import assert from "node:assert/strict";
import * as vscode from "vscode";
import { discardChanges } from "./editing.ts";
import { findingOf, findings } from "./findings.ts";
import { eventually, test } from "./harness.ts";

test("the commands are there", async () => {
  await findingOf("ecto/nil-comparison");
  const commands = await vscode.commands.getCommands(true);
  for (const command of ["lintel.restart", "lintel.showOutput", "lintel.explainRule", "lintel.goToWitness"]) {
    assert.ok(commands.includes(command), command);
  }
});

test("a rule is explained in a document", async () => {
  await vscode.commands.executeCommand("lintel.explainRule", "ecto/nil-comparison");
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === "lintel-rule");
  assert.equal(document?.languageId, "markdown");
  assert.match(document?.getText() ?? "", /^# .*ecto\/nil-comparison/);
  await eventually("a preview of it", () =>
    vscode.window.tabGroups.activeTabGroup.tabs.some(
      ({ label, input }) => input instanceof vscode.TabInputWebview && /nil-comparison/.test(label),
    ),
  );
  await discardChanges();
});

test("turned off, it finds nothing; turned on again, it does", async () => {
  const settings = vscode.workspace.getConfiguration("lintel");
  await settings.update("enable", false);
  await eventually("no findings", () => findings().length === 0);
  await settings.update("enable", undefined);
  await findingOf("ecto/nil-comparison");
});

test("it restarts on demand", async () => {
  await vscode.commands.executeCommand("lintel.restart");
  await findingOf("ecto/nil-comparison");
});
