import * as vscode from "vscode";

/** Opens a file as a user does. */
export async function open(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Throws away the unsaved changes of the active editor and closes it. */
export async function discardChanges(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
}

/** Makes the edit of a code action. */
export async function apply(action: vscode.CodeAction | undefined): Promise<void> {
  if (action?.edit === undefined) throw new Error("There is no code action with an edit");
  await vscode.workspace.applyEdit(action.edit);
}

/** Types text at a position. */
export async function insert(editor: vscode.TextEditor, position: vscode.Position, text: string): Promise<void> {
  if (!(await editor.edit((edit) => edit.insert(position, text)))) throw new Error("The edit was refused");
}

/** The text of a document with the comparison to nil in one line put right. */
export function withNilComparisonFixed(document: vscode.TextDocument, line: number): string {
  const lines = document.getText().split("\n");
  lines[line] = (lines[line] ?? "")
    .replace(/([\w.]+) == nil/, "is_nil($1)")
    .replace(/([\w.]+) != nil/, "not is_nil($1)");
  return lines.join("\n");
}

/** Adds to a module a function with a comparison to nil; gives back the line where its body begins. */
export async function addFunctionWithNilComparison(editor: vscode.TextEditor): Promise<number> {
  const { document } = editor;
  const text = document.getText();
  const end = document.positionAt(text.lastIndexOf("\nend") + 1);
  const body = '    from row in "rows", where: row.deleted_at == nil, select: row.id';
  await insert(editor, end, `\n  def added_by_the_test do\n${body}\n  end\n`);
  return end.line + 2;
}
