import type { Diagnostic } from "../base/diagnostic.ts";
import { BASELINE_FILE, type Baseline, NO_BASELINE, parseBaseline } from "./baseline.ts";
import { CONFIG_FILE, type Config, NO_CONFIG, parseConfig, type RuleSetting } from "./config.ts";
import type { RuleMeta } from "./rule.ts";
import { parseLock, parseToolVersions, type Versions } from "./version.ts";

/** Everything about a project that does not stand in its Elixir files. */
export interface ProjectSettings {
  /** The absolute path of the folder that holds `mix.exs`, `/` between the parts, none at the end. */
  readonly root: string;
  readonly config: Config;
  readonly versions: Versions;
  readonly baseline: Baseline;
  /** True for a project inside of another one. */
  readonly nested: boolean;
}

export function defaultSettings(root: string): ProjectSettings {
  return { root, config: NO_CONFIG, versions: new Map(), baseline: NO_BASELINE, nested: false };
}

/** The path relative to a project's root; another project's as it is. */
export function relativeTo(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}

/** What a project's settings are read from; a text is null where there is no such file. */
export interface SettingsTexts {
  readonly config: string | null;
  readonly lock: string | null;
  /** `.tool-versions`, by which asdf and mise choose the Elixir that the project runs on. */
  readonly toolVersions?: string | null;
  readonly baseline: string | null;
  /** True for a project inside of another one. */
  readonly nested?: boolean;
}

/** Settings of a project, and what is wrong in its files, by path. */
export interface ReadSettings {
  readonly settings: ProjectSettings;
  readonly problems: ReadonlyMap<string, readonly Diagnostic[]>;
}

/**
 * Reads a project's settings. `overrides` come from the editor or the command line and stand above the file's. What is
 * malformed is reported, and counts as not being there.
 */
export function readSettings(
  root: string,
  texts: SettingsTexts,
  overrides: ReadonlyMap<string, RuleSetting>,
  rules: readonly RuleMeta[],
): ReadSettings {
  const problems = new Map<string, readonly Diagnostic[]>();
  let config = NO_CONFIG;
  if (texts.config !== null) {
    const read = parseConfig(texts.config, rules);
    config = read.config;
    if (read.problems.length > 0) problems.set(`${root}/${CONFIG_FILE}`, read.problems);
  }
  let baseline: Baseline = NO_BASELINE;
  if (texts.baseline !== null) {
    try {
      baseline = parseBaseline(texts.baseline);
    } catch (error) {
      const message = `The baseline cannot be read and hides nothing: ${error instanceof Error ? error.message : error}`;
      const problem = { rule: "lintel/config", severity: "error" as const, message, related: [], fixes: [], tags: [] };
      problems.set(`${root}/${BASELINE_FILE}`, [{ ...problem, start: 0, end: 0 }]);
    }
  }
  const merged = { ...config, rules: new Map([...config.rules, ...overrides]) };
  const versions = new Map([...parseLock(texts.lock ?? ""), ...parseToolVersions(texts.toolVersions ?? "")]);
  return { settings: { root, config: merged, versions, baseline, nested: texts.nested ?? false }, problems };
}
