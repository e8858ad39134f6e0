import { dirname } from "node:path";
import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type FileEvent,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { isSource, projectAround } from "../files/discover.ts";
import { readProjectTexts } from "../files/project-texts.ts";
import { readSource } from "../files/read.ts";
import { BASELINE_FILE, CONFIG_FILE, type RuleSetting, type Session } from "../lint/session.ts";
import { diagnosticOf, FIX_ALL, linesFrom, pathOf, uriOf } from "./convert.ts";
import { Documents } from "./documents.ts";
import { indexFolder } from "./index-workspace.ts";
import { Requests } from "./requests.ts";
import { Schedule } from "./schedule.ts";

/** Files beside a project's sources that its settings are read from. */
const SETTINGS_FILES = [CONFIG_FILE, BASELINE_FILE, "mix.lock", ".tool-versions"];
const WATCHED = "**/{*.ex,*.exs,*.heex,*.leex,.lintel.json,.lintel-baseline.json,mix.lock,.tool-versions}";

interface ClientSettings {
  readonly enable?: boolean;
  readonly rules?: Readonly<Record<string, RuleSetting>>;
}

/** Wires a connection to a session. The connection is the caller's to `listen` on. */
export class Server {
  private readonly documents = new Documents();
  private readonly schedule = new Schedule(
    () => this.refresh(),
    () => this.publish(this.session.settle()),
  );
  private capabilities: InitializeParams["capabilities"] = {};
  private folders: string[] = [];
  private overrides: ReadonlyMap<string, RuleSetting> = new Map();
  /** Raised when folders or settings change: an older indexing run then stops. */
  private generation = 0;
  /** Paths with diagnostics in the client. */
  private readonly shown = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly session: Session,
  ) {
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(() => this.initialized());
    connection.onDidOpenTextDocument(({ textDocument }) => this.opened(textDocument));
    connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
      const path = pathOf(textDocument.uri);
      if (path === null) return;
      this.session.edit(path, this.documents.change(path, contentChanges, textDocument.version));
      this.schedule.changed();
    });
    connection.onDidCloseTextDocument(({ textDocument }) => this.closed(textDocument.uri));
    connection.onDidChangeWatchedFiles(({ changes }) => this.watched(changes));
    connection.onDidChangeConfiguration(() => this.reconfigure());
    new Requests(session, this.schedule, () => this.capabilities).answer(connection);
    connection.onShutdown(() => this.schedule.stop());
  }

  private initialize(params: InitializeParams): InitializeResult {
    this.capabilities = params.capabilities;
    const folders = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.folders = folders.flatMap((uri) => pathOf(uri) ?? []);
    return {
      serverInfo: { name: "lintel" },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, FIX_ALL] },
        hoverProvider: true,
        callHierarchyProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  private async initialized(): Promise<void> {
    const { workspace } = this.capabilities;
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const watchers = [{ globPattern: WATCHED }];
      void this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    if (workspace?.workspaceFolders) {
      this.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = removed.flatMap((folder) => pathOf(folder.uri) ?? []);
        this.folders = [
          ...this.folders.filter((folder) => !gone.includes(folder)),
          ...added.flatMap((f) => pathOf(f.uri) ?? []),
        ];
        void this.index();
      });
    }
    await this.readClientSettings();
    await this.index();
  }

  /** Reads all folders, with progress; a run that was overtaken by another ends early and publishes nothing. */
  private async index(): Promise<void> {
    const generation = ++this.generation;
    const reporter = await this.connection.window.createWorkDoneProgress();
    reporter.begin("Lintel", 0, "reading the workspace", false);
    try {
      const roots: string[] = [];
      for (const folder of await this.foldersToIndex()) {
        const found = await indexFolder(this.session, folder, {
          overrides: this.overrides,
          openText: (path) => this.documents.get(path)?.getText(),
          log: (message) => this.connection.console.info(message),
          progress: (done, total) => {
            if (generation !== this.generation) return false;
            reporter.report(Math.round((100 * done) / total), `${done} of ${total} files`);
            return true;
          },
        });
        if (generation !== this.generation) return;
        roots.push(...found);
      }
      // Buffers that were never saved are part of their project, too.
      for (const path of this.documents.paths()) {
        if (isSource(path)) this.session.update(path, this.documents.get(path)?.getText() ?? "");
      }
      const gone = this.session.roots().filter((root) => !roots.includes(root));
      const forgotten = gone.flatMap((root) => this.session.removeProject(root));
      this.publish([...forgotten, ...this.session.settle()]);
    } catch (error) {
      this.connection.console.error(
        `Lintel could not read the workspace: ${error instanceof Error ? error.message : error}`,
      );
    } finally {
      reporter.done();
    }
  }

  /** The workspace folders, and the projects of open files outside of them. */
  private async foldersToIndex(): Promise<string[]> {
    const out = [...this.folders];
    for (const path of this.documents.paths()) {
      if (!isSource(path) || out.some((folder) => path.startsWith(`${folder}/`))) continue;
      out.push((await projectAround(dirname(path))) ?? dirname(path));
    }
    return out;
  }

  private async readClientSettings(): Promise<void> {
    if (!this.capabilities.workspace?.configuration) return;
    const settings = (await this.connection.workspace.getConfiguration("lintel")) as ClientSettings | null;
    this.overrides = new Map(Object.entries(settings?.rules ?? {}));
  }

  private async reconfigure(): Promise<void> {
    const before = JSON.stringify([...this.overrides]);
    await this.readClientSettings();
    if (JSON.stringify([...this.overrides]) === before) return;
    for (const root of this.session.roots()) await this.reopen(root);
    this.schedule.now();
  }

  private async reopen(root: string): Promise<void> {
    const texts = await readProjectTexts(root);
    const open = this.documents.get(`${root}/${CONFIG_FILE}`)?.getText();
    this.session.openProject(root, open === undefined ? texts : { ...texts, config: open }, this.overrides);
  }

  private opened(document: { uri: string; languageId: string; version: number; text: string }): void {
    const path = pathOf(document.uri);
    if (path === null) return;
    this.documents.add(path, document.uri, document.languageId, document.version, document.text);
    if (!isSource(path)) return;
    const root = this.session.roots().find((candidate) => path.startsWith(`${candidate}/`));
    if (root === undefined) {
      if (!this.folders.some((folder) => path.startsWith(`${folder}/`))) void this.index();
      return;
    }
    this.session.update(path, document.text);
    this.schedule.changed();
  }

  private async closed(uri: string): Promise<void> {
    const path = pathOf(uri);
    if (path === null) return;
    this.documents.remove(path);
    await this.readFromDisk(path);
    this.schedule.now();
  }

  /** Files that changed on the disk; those that are open are the editor's. */
  private async watched(changes: readonly FileEvent[]): Promise<void> {
    for (const { uri, type } of changes) {
      const path = pathOf(uri);
      if (path === null) continue;
      if (SETTINGS_FILES.some((name) => path.endsWith(`/${name}`))) {
        const root = path.slice(0, path.lastIndexOf("/"));
        if (this.session.roots().includes(root)) await this.reopen(root);
      } else if (path.endsWith("/mix.exs") && type !== FileChangeType.Changed) {
        await this.index();
        return;
      } else if (isSource(path) && !this.documents.has(path)) {
        if (type === FileChangeType.Deleted) this.session.remove(path);
        else await this.readFromDisk(path);
      }
    }
    this.schedule.now();
  }

  private async readFromDisk(path: string): Promise<void> {
    if (!isSource(path)) return;
    const result = await readSource(path);
    // It may have been opened while it was read.
    if (this.documents.has(path)) return;
    if ("text" in result) this.session.update(path, result.text);
    else this.session.remove(path);
  }

  private refresh(): boolean {
    this.publish(this.session.refresh());
    return this.session.outdated;
  }

  private publish(paths: readonly string[]): void {
    const lines = linesFrom((path) => this.session.text(path));
    for (const path of new Set(paths)) {
      const diagnostics = this.session.diagnostics(path).map((diagnostic) => diagnosticOf(diagnostic, path, lines));
      if (diagnostics.length === 0 && !this.shown.has(path)) continue;
      if (diagnostics.length > 0) this.shown.add(path);
      else this.shown.delete(path);
      const document = this.documents.get(path);
      const uri = document?.uri ?? uriOf(path);
      void this.connection.sendDiagnostics({ uri, diagnostics, ...(document ? { version: document.version } : {}) });
    }
  }
}
