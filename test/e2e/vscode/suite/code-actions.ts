import assert from "node:assert/strict";
import * as vscode from "vscode";
import { apply, discardChanges, insert, open, withNilComparisonFixed } from "./editing.ts";
import { findingOf, quickFixes, waitForCount } from "./findings.ts";
import { eventually, screenshot, test } from "./harness.ts";

const rule = "ecto/nil-comparison";

test("the quick fix mends the text, and the squiggle goes", async () => {
  const finding = await findingOf(rule);
  const { document } = await open(finding.uri);
  const expected = withNilComparisonFixed(document, finding.diagnostic.range.start.line);
  const [fix] = await quickFixes(finding);
  assert.ok(fix?.isPreferred, "the first action is the preferred one");
  await apply(fix);
  await waitForCount(finding.uri, rule, 0);
  assert.equal(document.getText(), expected);
  await screenshot("extension-host-fixed");
  await discardChanges();
  await waitForCount(finding.uri, rule, 1);
});

test("a finding can be disabled for its line", async () => {
  const finding = await findingOf(rule);
  const { document } = await open(finding.uri);
  await apply((await quickFixes(finding)).find(({ title }) => /^Disable .*for this line/.test(title)));
  await waitForCount(finding.uri, rule, 0);
  assert.match(
    document.lineAt(finding.diagnostic.range.start.line).text,
    /# lintel:disable-for-next-line ecto\/nil-comparison/,
  );
  await discardChanges();
  await waitForCount(finding.uri, rule, 1);
});

test("saving fixes what can be fixed safely, when the user asked for it", async () => {
  const finding = await findingOf(rule);
  const original = await vscode.workspace.fs.readFile(finding.uri);
  const editor = await open(finding.uri);
  const line = finding.diagnostic.range.start.line;
  const fixedLine = withNilComparisonFixed(editor.document, line).split("\n")[line] ?? "";
  try {
    await insert(editor, new vscode.Position(0, 0), "\n");
    await vscode.commands.executeCommand("workbench.action.files.save");
    await eventually("the fixed text is saved", async () => {
      const saved = Buffer.from(await vscode.workspace.fs.readFile(finding.uri)).toString();
      return saved.includes(fixedLine) && saved === editor.document.getText();
    });
    assert.ok(!editor.document.isDirty);
    await waitForCount(finding.uri, rule, 0);
  } finally {
    await discardChanges();
    await vscode.workspace.fs.writeFile(finding.uri, original);
  }
  await waitForCount(finding.uri, rule, 1);
});
