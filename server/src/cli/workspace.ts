import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { discover, normalise, projectAround } from "../files/discover.ts";
import { readProjectTexts } from "../files/project-texts.ts";
import { readSource } from "../files/read.ts";
import type { RuleSetting, Session } from "../lint/session.ts";
import { Progress } from "./progress.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line was asked to look at, loaded into a session. */
export interface Workspace {
  /** The folder that paths are shown relative to. */
  readonly base: string;
  /** The project folders. */
  readonly roots: readonly string[];
  readonly skipped: readonly { path: string; reason: string }[];
  /** How many files were read. */
  readonly files: number;
  /** True for a path that was asked for; the rest of its project was read to know what it calls. */
  isTarget(path: string): boolean;
}

/**
 * Loads the projects around the targets: one folder, or files. Whole projects are read, since findings depend on them.
 * @throws UsageError when a target does not exist.
 */
export async function loadWorkspace(
  session: Session,
  targets: readonly string[],
  overrides: ReadonlyMap<string, RuleSetting>,
  useBaseline: boolean,
): Promise<Workspace> {
  const paths = (targets.length > 0 ? targets : ["."]).map(normalise);
  const kinds = await Promise.all(paths.map(kindOf));
  const folder = paths.length === 1 && kinds[0] === "folder" ? (paths[0] as string) : null;
  const skipped: { path: string; reason: string }[] = [];
  const roots: string[] = [];
  let count = 0;
  const progress = new Progress("Reading");
  for (const top of await topFolders(paths, kinds)) {
    for (const { root, files } of await discover(top)) {
      if (roots.includes(root)) continue;
      roots.push(root);
      const texts = await readProjectTexts(root);
      session.openProject(root, useBaseline ? texts : { ...texts, baseline: null }, overrides);
      const read: { path: string; text: string }[] = [];
      for (const path of files) {
        const result = await readSource(path);
        if ("text" in result) read.push({ path, text: result.text });
        else skipped.push({ path, reason: result.skipped });
      }
      count += read.length;
      progress.start(read.length);
      await session.load(read, (done) => progress.step(done));
    }
  }
  session.settle();
  progress.stop();
  const isTarget = (path: string): boolean => paths.some((target) => path === target || path.startsWith(`${target}/`));
  return { base: folder ?? normalise("."), roots, skipped, files: count, isTarget };
}

async function kindOf(path: string): Promise<"file" | "folder"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch {
    throw new UsageError(`${path}: there is no such file or folder.`);
  }
}

/** The folders to search: each target's mix project, or the target itself where it is in none. */
async function topFolders(paths: readonly string[], kinds: readonly string[]): Promise<Set<string>> {
  const tops = new Set<string>();
  for (const [i, path] of paths.entries()) {
    const folder = kinds[i] === "folder" ? path : dirname(path);
    tops.add((await projectAround(folder)) ?? folder);
  }
  return tops;
}
