import { dirname } from "node:path";
import { projectAround } from "./discover.ts";
import { readOptional } from "./read.ts";

/** What settings are read from beside a project's sources; a text is null where there is no such file. */
export interface ProjectTexts {
  readonly config: string | null;
  readonly lock: string | null;
  readonly toolVersions: string | null;
  readonly baseline: string | null;
  /** True where the project's folder is inside of another project. */
  readonly nested: boolean;
}

/** Reads a project's `.lintel.json`, `mix.lock`, `.tool-versions` and baseline. */
export async function readProjectTexts(root: string): Promise<ProjectTexts> {
  const [config, lock, toolVersions, baseline] = await Promise.all(
    [".lintel.json", "mix.lock", ".tool-versions", ".lintel-baseline.json"].map((name) =>
      readOptional(`${root}/${name}`),
    ),
  );
  const nested = (await projectAround(dirname(root))) !== null;
  return {
    config: config ?? null,
    lock: lock ?? null,
    toolVersions: toolVersions ?? null,
    baseline: baseline ?? null,
    nested,
  };
}
