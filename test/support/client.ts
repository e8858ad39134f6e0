import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  type CodeAction,
  createProtocolConnection,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type Range,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { root } from "./engine.ts";

/** How long a test waits for the server to say something. Milliseconds; long, since only a failing test waits so long. */
const PATIENCE = 20_000;

/** An editor, as far as the server can tell: speaks LSP over standard input and output. */
export class Client {
  readonly published: PublishDiagnosticsParams[] = [];
  readonly progress: string[] = [];
  readonly log: string[] = [];
  /** What `workspace/configuration` answers. */
  settings: unknown = {};
  result: InitializeResult = { capabilities: {} };
  private readonly latest = new Map<string, PublishDiagnosticsParams>();
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {}

  static async start(folders: readonly string[], options: { argument?: string[] } = {}): Promise<Client> {
    const server = spawn(process.execPath, [
      join(root, "server/out/main-lsp.cjs"),
      ...(options.argument ?? ["--stdio"]),
    ]);
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    const client = new Client(server, connection);
    connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      client.published.push(params);
      client.latest.set(params.uri, params);
      client.wake();
    });
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => void client.log.push(message));
    connection.onNotification("$/progress", ({ value }: { value: { kind: string } }) => {
      client.progress.push(value.kind);
      client.wake();
    });
    connection.onRequest("window/workDoneProgress/create", () => null);
    connection.onRequest("client/registerCapability", () => null);
    connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => client.settings),
    );
    connection.listen();
    client.result = await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folders.map((folder) => ({ uri: uri(folder), name: folder })),
      capabilities: {
        window: { workDoneProgress: true },
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeWatchedFiles: { dynamicRegistration: true },
        },
        textDocument: { publishDiagnostics: { relatedInformation: true } },
      },
    });
    await connection.sendNotification("initialized", {});
    return client;
  }

  /** Resolves when `test` holds, which is looked at after each message of the server. */
  async until(what: string, test: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!test()) {
      if (Date.now() > deadline) {
        const shown = [...this.latest.values()].map((p) => `${p.uri}: ${p.diagnostics.map((d) => d.code).join()}`);
        throw new Error(`the server never got to: ${what}\n${shown.join("\n")}\n${this.log.join("\n")}`);
      }
      const woken = new Promise<void>((resolve) => this.waiting.push(resolve));
      await Promise.race([woken, setTimeout(500)]);
    }
  }

  async indexed(): Promise<void> {
    await this.until("the end of indexing", () => this.progress.includes("end"));
  }

  diagnostics(path: string): readonly Diagnostic[] {
    return this.latest.get(uri(path))?.diagnostics ?? [];
  }

  codes(path: string): string[] {
    return this.diagnostics(path).map((d) => String(d.code));
  }

  open(path: string, text: string): Promise<void> {
    const textDocument = { uri: uri(path), languageId: "elixir", version: 1, text };
    return this.connection.sendNotification("textDocument/didOpen", { textDocument });
  }

  change(path: string, version: number, contentChanges: readonly { range?: Range; text: string }[]): Promise<void> {
    return this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: uri(path), version },
      contentChanges,
    });
  }

  close(path: string): Promise<void> {
    return this.connection.sendNotification("textDocument/didClose", { textDocument: { uri: uri(path) } });
  }

  changed(path: string, type: 1 | 2 | 3): Promise<void> {
    return this.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uri(path), type }] });
  }

  actions(path: string, range: Range, only?: string[]): Promise<CodeAction[]> {
    return this.connection.sendRequest("textDocument/codeAction", {
      textDocument: { uri: uri(path) },
      range,
      context: { diagnostics: [], ...(only ? { only } : {}) },
    });
  }

  /** Throws when the server goes on after it was told to exit: a test file would then wait for it without end. */
  async stop(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    const gone = new Promise<true>((resolve) => this.process.once("exit", () => resolve(true)));
    await this.connection.sendNotification("exit");
    this.connection.dispose();
    const isGone = await Promise.race([gone, setTimeout(PATIENCE, false, { ref: false })]);
    if (isGone) return;
    this.process.kill("SIGKILL");
    throw new Error("the server did not exit");
  }

  private wake(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

export function uri(path: string): string {
  return pathToFileURL(path).href;
}
