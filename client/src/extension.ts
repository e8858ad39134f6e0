import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { createClient } from "./client.ts";
import { registerExplainRule } from "./explain-rule.ts";
import { registerGoToWitness } from "./go-to-witness.ts";
import { StatusBar } from "./status-bar.ts";

let client: LanguageClient | undefined;

/** Starts the language server and registers what the editor shows of it; the analysis is the server's. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const statusBar = new StatusBar();
  const created = createClient(context, statusBar);
  client = created;

  context.subscriptions.push(
    statusBar,
    created,
    registerExplainRule(created),
    registerGoToWitness(created),
    vscode.commands.registerCommand("lintel.restart", () => (isEnabled() ? created.restart() : offerToEnable())),
    vscode.commands.registerCommand("lintel.showOutput", () => created.outputChannel.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("lintel.enable")) await startOrStop(created);
    }),
  );
  await startOrStop(created);
}

/** Stops the language server. */
export async function deactivate(): Promise<void> {
  await client?.stop();
}

function isEnabled(): boolean {
  return vscode.workspace.getConfiguration("lintel").get("enable", true);
}

async function startOrStop(client: LanguageClient): Promise<void> {
  if (!isEnabled()) return client.stop();
  try {
    await client.start();
  } catch (error) {
    // The client has shown the reason; the commands stay, so that the user can read the output and restart.
    client.error("The language server did not start", error, false);
  }
}

async function offerToEnable(): Promise<void> {
  const choice = await vscode.window.showInformationMessage("Lintel is off (`lintel.enable`).", "Turn On");
  if (choice === "Turn On") await vscode.workspace.getConfiguration("lintel").update("enable", true);
}
