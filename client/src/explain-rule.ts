import * as vscode from "vscode";
import { type LanguageClient, RequestType, RequestType0 } from "vscode-languageclient/node";

interface RuleSummary {
  readonly id: string;
  readonly summary: string;
}

const rulesRequest = new RequestType0<RuleSummary[], void>("lintel/rules");
const explainRequest = new RequestType<{ rule: string }, { markdown: string }, void>("lintel/explain");
const scheme = "lintel-rule";

/** Registers `lintel.explainRule`: the documentation of a rule as a read-only document, rendered. */
export function registerExplainRule(client: LanguageClient): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: async ({ path }) => {
        const rule = path.slice(1).replace(/\.md$/, "");
        return (await client.sendRequest(explainRequest, { rule })).markdown;
      },
    }),
    vscode.commands.registerCommand("lintel.explainRule", async (argument?: unknown) => {
      const rule = typeof argument === "string" ? argument : await pickRule(client);
      if (rule) await show(vscode.Uri.from({ scheme, path: `/${rule}.md` }));
    }),
  );
}

async function pickRule(client: LanguageClient): Promise<string | undefined> {
  const rules = client.sendRequest(rulesRequest);
  const items = rules.then((found) => found.map(({ id, summary }) => ({ label: id, detail: summary })));
  const options = { title: "Explain a rule of Lintel", matchOnDetail: true };
  return (await vscode.window.showQuickPick(items, options))?.label;
}

async function show(uri: vscode.Uri): Promise<void> {
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    try {
      await vscode.commands.executeCommand("markdown.showPreview", uri);
    } catch {
      // The preview belongs to a built-in extension that can be switched off.
      await vscode.window.showTextDocument(document);
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(`Lintel cannot explain this rule: ${reason}`);
  }
}
