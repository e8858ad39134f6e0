import { hash } from "../base/hash.ts";

/** The name of the baseline file, beside `mix.exs`. */
export const BASELINE_FILE = ".lintel-baseline.json";

/** A known finding: no line number, so that it survives edits elsewhere. */
export interface BaselineEntry {
  readonly rule: string;
  /** Relative to the baseline file. */
  readonly path: string;
  /** The module and function it is in. */
  readonly anchor: string;
  /** Hash of the finding's own source text, white space folded. */
  readonly snippet: string;
}

/** How many findings of each kind are known; two alike in one function count as two. */
export type Baseline = ReadonlyMap<string, number>;

export const NO_BASELINE: Baseline = new Map();

export function entryKey(entry: BaselineEntry): string {
  return `${entry.rule}|${entry.path}|${entry.anchor}|${entry.snippet}`;
}

export function snippetHash(source: string): string {
  return hash(source.replace(/\s+/g, " ").trim());
}

/** @throws SyntaxError when the text is no baseline; the message says what was expected. */
export function parseBaseline(text: string): Baseline {
  const data: unknown = JSON.parse(text);
  const entries = (data as { findings?: unknown }).findings;
  if (!Array.isArray(entries)) throw new SyntaxError(`${BASELINE_FILE} must hold { "findings": [...] }`);
  const counts = new Map<string, number>();
  for (const entry of entries as BaselineEntry[]) counts.set(entryKey(entry), (counts.get(entryKey(entry)) ?? 0) + 1);
  return counts;
}

export function formatBaseline(entries: readonly BaselineEntry[]): string {
  const sorted = [...entries].sort((a, b) => entryKey(a).localeCompare(entryKey(b)));
  return `${JSON.stringify({ findings: sorted }, null, 2)}\n`;
}
