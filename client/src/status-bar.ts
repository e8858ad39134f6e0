import * as vscode from "vscode";
import { type ProgressToken, State } from "vscode-languageclient/node";

/** The status bar item: whether the server runs, whether it indexes, and how many findings it has. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem("lintel.status", vscode.StatusBarAlignment.Right, 100);
  readonly #findings = new Map<string, number>();
  readonly #work = new Set<ProgressToken>();
  #total = 0;
  #state = State.Stopped;

  constructor() {
    this.#item.name = "Lintel";
    this.#item.command = "lintel.showOutput";
    this.#show();
    this.#item.show();
  }

  /** Takes note of the number of findings in one file. */
  setFindings(uri: vscode.Uri, count: number): void {
    const key = uri.toString();
    this.#total += count - (this.#findings.get(key) ?? 0);
    if (count === 0) this.#findings.delete(key);
    else this.#findings.set(key, count);
    this.#show();
  }

  /** Takes note of work that the server has begun, or still does. */
  beginWork(token: ProgressToken): void {
    if (this.#work.has(token)) return;
    this.#work.add(token);
    this.#show();
  }

  /** Takes note of work that the server has ended. */
  endWork(token: ProgressToken): void {
    this.#work.delete(token);
    this.#show();
  }

  /** Takes note of the server's state; a server that is gone has neither findings nor work. */
  setState(state: State): void {
    this.#state = state;
    if (state !== State.Running) {
      this.#findings.clear();
      this.#work.clear();
      this.#total = 0;
    }
    this.#show();
  }

  dispose(): void {
    this.#item.dispose();
  }

  #show(): void {
    const { text, tooltip, isError = false } = this.#content();
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.backgroundColor = isError ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
  }

  #content(): { text: string; tooltip: string; isError?: boolean } {
    if (this.#state === State.StartFailed) {
      return { text: "$(error) Lintel", tooltip: "Lintel's language server did not start", isError: true };
    }
    if (this.#state === State.Stopped) return { text: "$(circle-slash) Lintel", tooltip: "Lintel is not running" };
    if (this.#state === State.Starting) return { text: "$(sync~spin) Lintel", tooltip: "Lintel starts" };
    if (this.#work.size > 0) return { text: "$(sync~spin) Lintel", tooltip: "Lintel reads the workspace" };
    if (this.#total === 0) return { text: "$(check) Lintel", tooltip: "Lintel finds nothing in this workspace" };
    const noun = this.#total === 1 ? "finding" : "findings";
    return { text: `$(warning) Lintel: ${this.#total}`, tooltip: `Lintel: ${this.#total} ${noun} in this workspace` };
  }
}
