import assert from "node:assert/strict";
import * as vscode from "vscode";
import { open } from "./editing.ts";
import { findingOf } from "./findings.ts";
import { test } from "./harness.ts";

test("the languages are known without any other extension", async () => {
  const languages = await vscode.languages.getLanguages();
  for (const language of ["elixir", "phoenix-heex"]) assert.ok(languages.includes(language), language);
  const { document } = await open((await findingOf("ecto/nil-comparison")).uri);
  assert.equal(document.languageId, "elixir");
});

test("Elixir is indented while it is typed", async () => {
  const lines = ["defmodule A do", "def b(x) do", "if x do", "1", "else", "f(", "key: 2", ")", "end", "end", "", "end"];
  assert.equal(
    await type("elixir", lines),
    `defmodule A do
  def b(x) do
    if x do
      1
    else
      f(
        key: 2
      )
    end
  end

end`,
  );
});

test("HEEx is indented while it is typed", async () => {
  const lines = ["<div class={@c}>", "<%= if @x do %>", "<br>", "<% else %>", "<p>x</p>", "<% end %>", "</div>"];
  assert.equal(
    await type("phoenix-heex", lines),
    `<div class={@c}>
  <%= if @x do %>
    <br>
  <% else %>
    <p>x</p>
  <% end %>
</div>`,
  );
});

/** Types lines into a new document, character by character and without closing pairs; gives back the text. */
async function type(language: string, lines: readonly string[]): Promise<string> {
  const settings = vscode.workspace.getConfiguration("editor", { languageId: language });
  await settings.update("autoClosingBrackets", "never", vscode.ConfigurationTarget.Workspace, true);
  const document = await vscode.workspace.openTextDocument({ language });
  const editor = await vscode.window.showTextDocument(document);
  editor.options = { tabSize: 2, insertSpaces: true };
  for (const text of [...lines.join("\n")]) await vscode.commands.executeCommand("type", { text });
  return document.getText();
}
