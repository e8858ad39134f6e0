import * as vscode from "vscode";
import { CloseAction, type ErrorHandler, LanguageClient, TransportKind } from "vscode-languageclient/node";
import type { StatusBar } from "./status-bar.ts";

/** The language client, not yet started, that reports what it sees of the server's work to `statusBar`. */
export function createClient(context: vscode.ExtensionContext, statusBar: StatusBar): LanguageClient {
  const server = {
    module: context.asAbsolutePath("server/out/main-lsp.cjs"),
    transport: TransportKind.ipc,
  };

  const errorHandler: ErrorHandler = {
    error: (error, message, count) => restarts.error(error, message, count),
    closed: async () => {
      const result = await restarts.closed();
      if (result.action === CloseAction.Restart) return { ...result, handled: true };
      void offerRestart();
      return { ...result, handled: true };
    },
  };
  const client = new LanguageClient(
    "lintel",
    "Lintel",
    { run: server, debug: { ...server, options: { execArgv: ["--nolazy", "--inspect=6019"] } } },
    {
      documentSelector: [
        { language: "elixir" },
        { language: "phoenix-heex" },
        // Other extensions may have a language of their own for it.
        { pattern: "**/*.leex" },
        { pattern: "**/.lintel.json" },
      ],
      // The server itself asks for the files that it wants watched.
      diagnosticCollectionName: "lintel",
      errorHandler,
      middleware: {
        handleDiagnostics(uri, diagnostics, next) {
          statusBar.setFindings(uri, diagnostics.length);
          next(uri, diagnostics);
        },
        handleWorkDoneProgress(token, params, next) {
          if (params.kind === "end") statusBar.endWork(token);
          else statusBar.beginWork(token);
          next(token, params);
        },
      },
    },
  );
  const restarts = client.createDefaultErrorHandler();
  client.onDidChangeState(({ newState }) => statusBar.setState(newState));
  return client;
}

async function offerRestart(): Promise<void> {
  const choice = await vscode.window.showErrorMessage(
    "Lintel's language server stopped five times within three minutes and is not started again. Your files are not affected.",
    "Restart",
    "Show Output",
  );
  if (choice === "Restart") await vscode.commands.executeCommand("lintel.restart");
  if (choice === "Show Output") await vscode.commands.executeCommand("lintel.showOutput");
}
