import { readOptional } from "./read.ts";

/** The texts beside a project's sources that settings are read from; null where there is no such file. */
export interface ProjectTexts {
  readonly config: string | null;
  readonly lock: string | null;
  readonly baseline: string | null;
}

/** Reads a project's `.lintel.json`, `mix.lock` and baseline. */
export async function readProjectTexts(root: string): Promise<ProjectTexts> {
  const [config, lock, baseline] = await Promise.all(
    [".lintel.json", "mix.lock", ".lintel-baseline.json"].map((name) => readOptional(`${root}/${name}`)),
  );
  return { config: config ?? null, lock: lock ?? null, baseline: baseline ?? null };
}
