import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { createTwoFilesPatch } from "diff";
import { applyEdits } from "../base/edit.ts";
import type { Session } from "../lint/session.ts";
import { onlyRules } from "./check.ts";
import { loadWorkspace } from "./workspace.ts";

/** A fix may make room for the next; more rounds than this mean that two undo each other. */
const MAX_ROUNDS = 10;

export interface FixOptions {
  readonly dryRun: boolean;
  readonly rule: readonly string[];
}

/** Applies all fixes (no suggestions) in the targets, or prints them as a patch. Gives the exit status. */
export async function fix(session: Session, targets: readonly string[], options: FixOptions): Promise<number> {
  const workspace = await loadWorkspace(session, targets, onlyRules(session, options.rule), true);
  const before = new Map<string, string>();
  let applied = 0;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let changed = false;
    for (const path of session.paths().filter(workspace.isTarget)) {
      for (const [target, edits] of session.fixAll(path) ?? []) {
        const text = session.text(target);
        if (text === null) continue;
        if (!before.has(target)) before.set(target, text);
        session.update(target, applyEdits(text, edits));
        session.settle();
        applied++;
        changed = true;
      }
    }
    if (!changed) break;
  }
  for (const [path, old] of [...before].sort()) {
    const text = session.text(path) ?? old;
    const name = relative(workspace.base, path);
    if (options.dryRun) process.stdout.write(createTwoFilesPatch(`a/${name}`, `b/${name}`, old, text, "", ""));
    else {
      await writeFile(path, text);
      process.stdout.write(`fixed ${name}\n`);
    }
  }
  if (applied === 0) process.stdout.write("Nothing to fix.\n");
  return 0;
}
