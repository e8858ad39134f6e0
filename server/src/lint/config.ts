import { type Node as JsonNode, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Diagnostic, Severity } from "../base/diagnostic.ts";
import { SEVERITIES } from "../base/diagnostic.ts";
import { nearest } from "../base/nearest.ts";
import type { Range } from "../base/range.ts";
import type { RuleMeta } from "./rule.ts";

/** The name of the configuration file, beside `mix.exs`. */
export const CONFIG_FILE = ".lintel.json";

/** A rule's setting: off, on with its own severity, or another severity. */
export type RuleSetting = "off" | "on" | Severity;

/** What `.lintel.json` says. */
export interface Config {
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** Globs relative to the configuration file; empty means everything. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export const NO_CONFIG: Config = { rules: new Map(), include: [], exclude: [] };

const SETTINGS: readonly RuleSetting[] = ["off", "on", ...SEVERITIES];

/** Reads a `.lintel.json`. What is wrong in it becomes diagnostics, and costs only the entry that it is in. */
export function parseConfig(text: string, rules: readonly RuleMeta[]): { config: Config; problems: Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const problem = (at: Range, message: string): void => {
    problems.push({ rule: "lintel/config", severity: "error", message, related: [], fixes: [], tags: [], ...at });
  };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  for (const error of errors) {
    const at = { start: error.offset, end: error.offset + Math.max(error.length, 1) };
    problem(at, `${CONFIG_FILE} is not valid JSON: ${printParseErrorCode(error.error)}.`);
  }
  if (root?.type !== "object") {
    if (errors.length === 0) problem({ start: 0, end: text.length }, `${CONFIG_FILE} must hold a JSON object.`);
    return { config: NO_CONFIG, problems };
  }
  const config = { rules: new Map<string, RuleSetting>(), include: [] as string[], exclude: [] as string[] };
  for (const property of root.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    if (key.value === "rules") readRules(value, rules, config.rules, problem);
    else if (key.value === "include" || key.value === "exclude") {
      config[key.value as "include" | "exclude"] = readGlobs(key.value, value, problem);
    } else if (key.value !== "$schema") {
      problem(spanOf(key), `Unknown setting "${key.value}": ${CONFIG_FILE} knows "rules", "include" and "exclude".`);
    }
  }
  return { config, problems };
}

type Problem = (at: Range, message: string) => void;

function readRules(node: JsonNode, rules: readonly RuleMeta[], into: Map<string, RuleSetting>, problem: Problem): void {
  if (node.type !== "object") {
    problem(spanOf(node), `"rules" must be an object: { "rule/id": "off" }.`);
    return;
  }
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    if (!rules.some((rule) => rule.id === key.value)) {
      problem(spanOf(key), unknownRule(key.value, rules));
    } else if (!SETTINGS.includes(value.value)) {
      problem(spanOf(value), `A rule is set to one of ${SETTINGS.map((s) => `"${s}"`).join(", ")}.`);
    } else into.set(key.value, value.value);
  }
}

function readGlobs(name: string, node: JsonNode, problem: Problem): string[] {
  const items = node.children ?? [];
  if (node.type !== "array" || items.some((item) => item.type !== "string")) {
    problem(spanOf(node), `"${name}" must be a list of globs: ["lib/**"].`);
    return [];
  }
  return items.map((item) => item.value as string);
}

/** "Unknown rule …", with the nearest name when there is one. */
export function unknownRule(id: string, rules: readonly RuleMeta[]): string {
  const near = nearest(
    id,
    rules.map((rule) => rule.id),
  );
  return `Unknown rule \`${id}\`${near ? `. Did you mean \`${near}\`?` : "."}`;
}

function spanOf(node: JsonNode): Range {
  return { start: node.offset, end: node.offset + node.length };
}
