import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A place where a diagnostic must be: a comment of carets under the source. */
export interface Expected {
  readonly line: number;
  readonly column: number;
  /** Where the carets end, or null when they reach the end of the line: the diagnostic may then go on. */
  readonly endColumn: number | null;
  readonly message: string;
}

export interface SpecFile {
  readonly path: string;
  /** `good` files must be silent for every rule of the domain. */
  readonly good: boolean;
  readonly text: string;
  readonly expected: readonly Expected[];
}

/** The text of a file after all fixes of the rule, or after one suggestion. */
export interface Outcome {
  readonly title: string | null;
  readonly path: string;
  readonly text: string;
}

/** Blocks of a page that belong together: one project, and what becomes of it. */
export interface Scenario {
  readonly name: string;
  readonly files: SpecFile[];
  readonly outcomes: Outcome[];
  /** Rule settings and library versions that the block asks for (`version=ecto:3.10.0`). */
  readonly versions: Map<string, string>;
}

export interface Spec {
  readonly rule: string;
  readonly path: string;
  readonly scenarios: readonly Scenario[];
}

const FENCE = /^```elixir (bad|good|fixed|suggested)([^\n]*)\n([\s\S]*?)^```/gm;
const CARETS = /^(\s*#\s*)(\^+) ?(.*)$/;

/** Reads a page: its fenced blocks in order, grouped into scenarios. */
export function readSpec(rule: string, path: string): Spec {
  const page = readFileSync(path, "utf8");
  const scenarios: Scenario[] = [];
  for (const match of page.matchAll(FENCE)) {
    const [, kind, attributes, body] = match as unknown as [string, string, string, string];
    const line = page.slice(0, match.index).split("\n").length;
    const named = /file=(\S+)/.exec(attributes)?.[1];
    const file = named ?? "lib/example.ex";
    const current = scenarios.at(-1);
    if (kind === "fixed" || kind === "suggested") {
      if (!current) throw new Error(`${path}:${line}: a ${kind} block follows no bad block`);
      const title = kind === "suggested" ? (/"([^"]*)"/.exec(attributes)?.[1] ?? "") : null;
      current.outcomes.push({ title, path: file, text: body });
      continue;
    }
    const joins =
      current &&
      named &&
      current.outcomes.length === 0 &&
      current.files.every((f) => f.path !== file) &&
      current.files.every((f) => f.path !== "lib/example.ex");
    const scenario = joins
      ? current
      : { name: `line ${line}`, files: [], outcomes: [], versions: new Map<string, string>() };
    if (!joins) scenarios.push(scenario);
    for (const [, library, version] of attributes.matchAll(/version=(\w+):(\S+)/g))
      scenario.versions.set(library as string, version as string);
    scenario.files.push({ path: file, good: kind === "good", ...withoutCarets(body) });
  }
  return { rule, path, scenarios };
}

function withoutCarets(body: string): { text: string; expected: Expected[] } {
  const lines: string[] = [];
  const expected: Expected[] = [];
  for (const line of body.split("\n")) {
    const match = CARETS.exec(line);
    if (!match) {
      lines.push(line);
      continue;
    }
    const column = (match[1] as string).length;
    const end = column + (match[2] as string).length;
    const above = lines.at(-1) ?? "";
    expected.push({
      line: lines.length - 1,
      column,
      endColumn: end >= above.length ? null : end,
      message: match[3] as string,
    });
  }
  return { text: lines.join("\n"), expected };
}

/** The pages of all rules, and the edge cases under `test/rules`. */
export function allSpecs(root: string): Spec[] {
  const out: Spec[] = [];
  for (const folder of ["server/src/rules", "test/rules"]) {
    for (const domain of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (!domain.isDirectory()) continue;
      for (const file of readdirSync(join(root, folder, domain.name))) {
        if (!file.endsWith(".md")) continue;
        out.push(readSpec(`${domain.name}/${file.slice(0, -3)}`, join(root, folder, domain.name, file)));
      }
    }
  }
  return out;
}
