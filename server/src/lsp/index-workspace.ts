import { setImmediate } from "node:timers/promises";
import { discover } from "../files/discover.ts";
import { readProjectTexts } from "../files/project-texts.ts";
import { readSource } from "../files/read.ts";
import type { RuleSetting, Session } from "../lint/session.ts";

/** How many files are read between two looks at waiting requests. */
const BATCH = 20;

export interface Indexing {
  readonly overrides: ReadonlyMap<string, RuleSetting>;
  /** The text of an open document, which stands above the disk. */
  openText(path: string): string | undefined;
  log(message: string): void;
  /** Told how far it is; answers false when the work is no longer wanted. */
  progress(done: number, total: number): boolean;
}

/** Reads all projects of a folder into the session, in small steps. Gives their roots. */
export async function indexFolder(session: Session, folder: string, indexing: Indexing): Promise<string[]> {
  const projects = await discover(folder);
  const total = projects.reduce((sum, project) => sum + project.files.length, 0);
  let before = 0;
  for (const { root, files } of projects) {
    session.openProject(root, await readProjectTexts(root), indexing.overrides);
    const read: { path: string; text: string }[] = [];
    for (const path of files) {
      const open = indexing.openText(path);
      const result = open === undefined ? await readSource(path) : { text: open };
      if ("text" in result) read.push({ path, text: result.text });
      else indexing.log(`Skipped ${path}: ${result.skipped}`);
    }
    let wanted = true;
    await session.load(read, async (done) => {
      if (done % BATCH !== 0 || !wanted) return;
      wanted = indexing.progress(before + done, total);
      await setImmediate();
    });
    before += files.length;
    if (!wanted) break;
  }
  return projects.map((project) => project.root);
}
