import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A finding that somebody read beside its source, and what they thought of it. */
export interface Label {
  /** `owner/name` */
  readonly repository: string;
  /** Relative to the repository. */
  readonly path: string;
  /** Counted from 1. */
  readonly line: string;
  readonly rule: string;
  readonly verdict: "true" | "false";
}

/** The labels of a file in this folder: columns apart by tabs, the first row their names. @throws Error when it cannot be read. */
export function readLabels(file: string): Label[] {
  const [, ...rows] = readFileSync(join(import.meta.dirname, file), "utf8")
    .trim()
    .split("\n");
  return rows.map((row) => {
    const [repository = "", , path = "", line = "", rule = "", verdict] = row.split("\t");
    if (verdict !== "true" && verdict !== "false") throw new Error(`${file}: no verdict in: ${row}`);
    return { repository, path, line, rule, verdict };
  });
}
