import assert from "node:assert/strict";
import * as vscode from "vscode";
import { open } from "./editing.ts";
import { findingOf } from "./findings.ts";
import { eventually, test } from "./harness.ts";

/** Where `def name` stands in the sample's orders. */
async function headOf(name: string): Promise<{ uri: vscode.Uri; position: vscode.Position }> {
  const { uri } = await findingOf("ecto/nil-comparison");
  const { document } = await open(uri);
  const offset = document.getText().indexOf(`def ${name}`) + "def ".length;
  return { uri, position: document.positionAt(offset) };
}

test("hovering a function tells what it does, and through what", async () => {
  const { uri, position } = await headOf("list_orders_for");
  await eventually("the hover", async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri, position);
    const texts = hovers.flatMap(({ contents }) => contents.map((c) => (typeof c === "string" ? c : c.value)));
    return texts.some((text) => /reads the database: \[`Repo\.\w+\/\d`\]/.test(text));
  });
});

test("the call hierarchy knows callers in other files", async () => {
  const { uri, position } = await headOf("place_order");
  const [item] = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>(
    "vscode.prepareCallHierarchy",
    uri,
    position,
  );
  assert.equal(item?.name, "place_order/2");
  const incoming = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
    "vscode.provideIncomingCalls",
    item,
  );
  assert.ok(incoming.some(({ from }) => from.uri.path.includes("/shop_web/")));
});
