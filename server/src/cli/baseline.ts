import { writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { BASELINE_FILE, formatBaseline, type Session } from "../lint/session.ts";
import { loadWorkspace } from "./workspace.ts";

/** Records today's findings of each project in its baseline file, so that only new ones are reported from now on. */
export async function baseline(session: Session, targets: readonly string[]): Promise<number> {
  const workspace = await loadWorkspace(session, targets, new Map(), false);
  for (const root of workspace.roots) {
    const entries = session.baseline(root);
    const path = `${root}/${BASELINE_FILE}`;
    await writeFile(path, formatBaseline(entries));
    process.stdout.write(`${relative(process.cwd(), path) || path}: ${entries.length} findings recorded\n`);
  }
  return 0;
}
