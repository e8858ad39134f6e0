import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as vscode from "vscode";

/** What became of one test, as the runner outside of the editor reads it. */
export interface Result {
  readonly name: string;
  readonly error?: string;
}

const tests: { name: string; body: () => Promise<void> }[] = [];

/** Declares a test; they run in the order of their declaration. */
export function test(name: string, body: () => Promise<void>): void {
  tests.push({ name, body });
}

/** A test that failed half-way leaves nothing behind for the next. */
async function discardAllChanges(): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
  for (let left = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).length; left > 0; left--) {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  }
}

/** Runs the tests; the result file is written after each, so that it tells the truth when the extension host dies. */
export async function runTests(resultFile: string): Promise<void> {
  const results: Result[] = [];
  for (const { name, body } of tests) {
    const error = await body().then(
      () => undefined,
      (reason: unknown) => (reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)),
    );
    await discardAllChanges();
    console.log(`${error === undefined ? "ok" : "FAILED"}: ${name}`);
    results.push(error === undefined ? { name } : { name, error });
    writeFileSync(resultFile, JSON.stringify({ expected: tests.length, results }));
  }
}

/** Asks until there is an answer other than `undefined` or `false`, and gives it back. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | false | PromiseLike<T | undefined | false>,
  seconds = 20,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}`);
    await pause(50);
  }
}

/** Has the runner outside of the editor take a picture, where it can. */
export async function screenshot(name: string): Promise<void> {
  const folder = process.env.LINTEL_SCREENSHOTS;
  if (folder === undefined) return;
  // The editor draws after a pause; nothing tells when it has.
  await pause(700);
  console.log(`[screenshot] ${name}`);
  await eventually(`the picture ${name}`, () => existsSync(join(folder, `${name}.png`)));
}
