import type { TextDocumentContentChangeEvent } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { TextEdit } from "../base/edit.ts";

/** The open documents, by the engine's path. An open buffer stands above what is on the disk. */
export class Documents {
  private readonly open = new Map<string, TextDocument>();

  has(path: string): boolean {
    return this.open.has(path);
  }

  get(path: string): TextDocument | undefined {
    return this.open.get(path);
  }

  paths(): string[] {
    return [...this.open.keys()];
  }

  add(path: string, uri: string, languageId: string, version: number, text: string): void {
    this.open.set(path, TextDocument.create(uri, languageId, version, text));
  }

  remove(path: string): void {
    this.open.delete(path);
  }

  /** Takes in a client's changes and gives them as edits, each speaking of the text that the one before it left. */
  change(path: string, changes: readonly TextDocumentContentChangeEvent[], version: number): TextEdit[] {
    const document = this.open.get(path);
    if (!document) return [];
    return changes.map((change) => {
      const range = "range" in change ? change.range : null;
      const edit = range
        ? { start: document.offsetAt(range.start), end: document.offsetAt(range.end), text: change.text }
        : { start: 0, end: document.getText().length, text: change.text };
      TextDocument.update(document, [change], version);
      return edit;
    });
  }
}
