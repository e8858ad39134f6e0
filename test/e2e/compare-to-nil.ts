import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A place in a file, line and column counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is compared. */
  readonly operand: string;
}

/** Where queries of a project compare a column to nil. */
export function comparisonsToNil(project: string): Place[] {
  const lib = join(project, "lib");
  const files = readdirSync(lib, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ex"));
  return files.flatMap((name) => {
    const file = join(lib, name);
    const lines = readFileSync(file, "utf8").split("\n");
    return lines.flatMap((text, index) => {
      const match = /(\w+\.\w+) == nil/.exec(text);
      if (!match?.[1] || text.trimStart().startsWith("#")) return [];
      return [{ file, line: index + 1, column: match.index + 1, operand: match[1] }];
    });
  });
}
