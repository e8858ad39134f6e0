import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
  addListedParcels,
  MAKE_STREAM,
  MODULE,
  STREAMED_MODULE,
  STREAMED_TEMPLATE,
  TEMPLATE,
} from "../../listed-parcels.ts";
import { apply, discardChanges, open } from "./editing.ts";
import { type Finding, findings, quickFixes, waitForCount } from "./findings.ts";
import { eventually, screenshot, test } from "./harness.ts";

const rule = "heex/input-without-debounce";
const FIELD = '<input name="term" phx-keyup="find">';
const FIXED_FIELD = '<input name="term" phx-keyup="find" phx-debounce="300">';
const handler = `  def handle_event("find", %{"value" => term}, socket) do
    {:noreply, assign(socket, :found, Shop.Repo.all(Shop.Catalog.Product.like(term)))}
  end
`;

/** Writes a file into the workspace, and opens it as a user does. */
async function write(path: string, text: string): Promise<vscode.TextEditor> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const uri = vscode.Uri.joinPath(folder.uri, path);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return open(uri);
}

function findingIn({ document }: vscode.TextEditor, id: string): Promise<Finding> {
  return eventually(`a finding of ${id}`, () => findings(document.uri).find((finding) => finding.rule === id));
}

/** The fix of the field, in a file in whose template it stands. */
async function mendsTheField(editor: vscode.TextEditor, picture: string): Promise<void> {
  const { document } = editor;
  const before = document.getText();
  const finding = await findingIn(editor, rule);
  assert.equal(document.getText(finding.diagnostic.range), FIELD, "the squiggle covers the field");
  await screenshot(picture);
  const [fix] = await quickFixes(finding);
  await apply(fix);
  await waitForCount(document.uri, rule, 0);
  assert.equal(document.getText(), before.replace(FIELD, FIXED_FIELD));
  await screenshot(`${picture}-fixed`);
  await discardChanges();
  await vscode.workspace.fs.delete(document.uri);
}

test("a squiggle and its fix inside a ~H", async () => {
  const editor = await write(
    "lib/shop_web/live/find_live.ex",
    `defmodule ShopWeb.FindLive do\n  use Phoenix.LiveView\n\n  def render(assigns) do\n    ~H"""\n    <p>–</p>\n    ${FIELD}\n    """\n  end\n\n${handler}end\n`,
  );
  await mendsTheField(editor, "extension-host-sigil");
});

test("a squiggle and its fix in a .heex file", async () => {
  const module = await write(
    "lib/shop_web/live/seek_live.ex",
    `defmodule ShopWeb.SeekLive do\n  use Phoenix.LiveView\n\n${handler}end\n`,
  );
  const template = await write("lib/shop_web/live/seek_live.html.heex", `<p>–</p>\n<div>\n  ${FIELD}\n</div>\n`);
  await mendsTheField(template, "extension-host-template");
  await vscode.workspace.fs.delete(module.document.uri);
});

test("a fix of a module and the template beside it is one edit", async () => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  const files = addListedParcels(folder.uri.fsPath);
  // Opened, not left to the file watcher, which may be late for what stands in a new folder.
  for (const path of [files.schema, files.template]) await open(vscode.Uri.file(path));
  const module = await open(vscode.Uri.file(files.module));
  const finding = await findingIn(module, "liveview/large-collection-in-assigns");
  const action = (await quickFixes(finding)).find(({ title }) => title === MAKE_STREAM);
  assert.equal(action?.edit?.size, 2, "one edit for both files");
  await apply(action);
  const template = await vscode.workspace.openTextDocument(vscode.Uri.file(files.template));
  assert.equal(module.document.getText(), STREAMED_MODULE);
  assert.equal(template.getText(), STREAMED_TEMPLATE);
  await waitForCount(module.document.uri, "liveview/large-collection-in-assigns", 0);
  await discardChanges();
  await open(template.uri);
  await discardChanges();
  assert.equal((await vscode.workspace.openTextDocument(module.document.uri)).getText(), MODULE);
  assert.equal((await vscode.workspace.openTextDocument(template.uri)).getText(), TEMPLATE);
  for (const path of [files.module, files.template, files.schema])
    await vscode.workspace.fs.delete(vscode.Uri.file(path));
});
