import * as vscode from "vscode";
import { addFunctionWithNilComparison, discardChanges, insert, open } from "./editing.ts";
import { findingOf, waitForCount } from "./findings.ts";
import { test } from "./harness.ts";

const rule = "ecto/nil-comparison";

test("a syntax error silences its own function and no other", async () => {
  const { uri } = await findingOf(rule);
  const editor = await open(uri);
  const line = await addFunctionWithNilComparison(editor);
  await waitForCount(uri, rule, 2);
  const broken = "    log(rows,\n";
  await insert(editor, new vscode.Position(line, 0), broken);
  await waitForCount(uri, rule, 1);
  await editor.edit((edit) => edit.delete(new vscode.Range(line, 0, line + 1, 0)));
  await waitForCount(uri, rule, 2);
  await discardChanges();
  await waitForCount(uri, rule, 1);
});
