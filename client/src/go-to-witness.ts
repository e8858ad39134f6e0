import * as vscode from "vscode";
import {
  type LanguageClient,
  type Location,
  RequestType,
  type TextDocumentPositionParams,
} from "vscode-languageclient/node";

interface Witness {
  readonly title: string;
  readonly locations: readonly Location[];
}

const request = new RequestType<TextDocumentPositionParams, Witness[], void>("lintel/witnesses");

/** Registers `lintel.goToWitness`: from the call or function at the cursor to the call that causes its effect. */
export function registerGoToWitness(client: LanguageClient): vscode.Disposable {
  return vscode.commands.registerTextEditorCommand("lintel.goToWitness", async (editor) => {
    const textDocument = { uri: editor.document.uri.toString() };
    const found = await client.sendRequest(request, { textDocument, position: editor.selection.active });
    const witness = await pick(found);
    if (!witness) return;
    const locations = witness.locations.map(
      ({ uri, range }) =>
        new vscode.Location(
          vscode.Uri.parse(uri),
          new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character),
        ),
    );
    // The last call is where the effect happens; the way there is shown beside it.
    const place = locations.at(-1);
    if (!place) return;
    if (locations.length > 1) {
      const from = [editor.document.uri, editor.selection.active] as const;
      await vscode.commands.executeCommand("editor.action.peekLocations", ...from, locations, "peek");
    } else await vscode.window.showTextDocument(place.uri, { selection: place.range });
  });
}

async function pick(found: readonly Witness[]): Promise<Witness | undefined> {
  if (found.length === 0) {
    await vscode.window.showInformationMessage("Lintel knows of no effect of what stands at the cursor.");
    return undefined;
  }
  if (found.length === 1) return found[0];
  const items = found.map((witness) => ({ label: witness.title, witness }));
  return (await vscode.window.showQuickPick(items, { title: "Which effect?" }))?.witness;
}
