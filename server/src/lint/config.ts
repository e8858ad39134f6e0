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

/** The options that are set for a rule, by name. */
export type RuleOptions = Readonly<Record<string, number>>;

/** What `.lintel.json` says. */
export interface Config {
  readonly rules: ReadonlyMap<string, RuleSetting>;
  /** By rule. */
  readonly options: ReadonlyMap<string, RuleOptions>;
  /** Globs relative to the configuration file; empty means everything. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** `migrations.startAfter`: the version of the last migration that has run everywhere; null where it is not said. */
  readonly startAfter: number | null;
}

export const NO_CONFIG: Config = { rules: new Map(), options: new Map(), include: [], exclude: [], startAfter: null };

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
  const config = {
    rules: new Map<string, RuleSetting>(),
    options: new Map<string, RuleOptions>(),
    include: [] as string[],
    exclude: [] as string[],
    startAfter: null as number | null,
  };
  for (const property of root.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    if (key.value === "rules") readRules(value, rules, config, problem);
    else if (key.value === "include" || key.value === "exclude") {
      config[key.value as "include" | "exclude"] = readGlobs(key.value, value, problem);
    } else if (key.value === "migrations") config.startAfter = readMigrations(value, problem);
    else if (key.value !== "$schema") {
      const known = `"rules", "include", "exclude" and "migrations"`;
      problem(spanOf(key), `Unknown setting "${key.value}": ${CONFIG_FILE} knows ${known}.`);
    }
  }
  return { config, problems };
}

type Problem = (at: Range, message: string) => void;

interface RulesRead {
  readonly rules: Map<string, RuleSetting>;
  readonly options: Map<string, RuleOptions>;
}

function readRules(node: JsonNode, rules: readonly RuleMeta[], into: RulesRead, problem: Problem): void {
  if (node.type !== "object") {
    problem(spanOf(node), `"rules" must be an object: { "rule/id": "off" }.`);
    return;
  }
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    const rule = rules.find(({ id }) => id === key.value);
    if (!rule) problem(spanOf(key), unknownRule(key.value, rules));
    else if (value.type === "object" && rule.options) readOptions(value, rule, into, problem);
    else if (isSetting(value)) into.rules.set(rule.id, value.value);
    else
      problem(
        spanOf(value),
        `A rule is set to one of ${oneOf(SETTINGS)}${rule.options ? `, or to an object with ${oneOf(Object.keys(rule.options))}` : ""}.`,
      );
  }
}

/** `{ "severity": "warning", "places": 4 }` */
function readOptions(node: JsonNode, rule: RuleMeta, into: RulesRead, problem: Problem): void {
  const options: Record<string, number> = {};
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    if (!key || !value) continue;
    const option = rule.options?.[key.value as string];
    if (key.value === "severity") {
      if (isSetting(value)) into.rules.set(rule.id, value.value);
      else problem(spanOf(value), `"severity" is one of ${oneOf(SETTINGS)}.`);
    } else if (!option) {
      const known = ["severity", ...Object.keys(rule.options ?? {})];
      problem(spanOf(key), `\`${rule.id}\` has no option "${key.value}": it knows ${oneOf(known)}.`);
    } else if (!Number.isInteger(value.value) || value.value < option.minimum) {
      problem(spanOf(value), `"${key.value}" is a whole number, ${option.minimum} or more.`);
    } else options[key.value] = value.value;
  }
  into.options.set(rule.id, options);
}

function isSetting(node: JsonNode): boolean {
  return SETTINGS.includes(node.value);
}

function oneOf(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

/** The version of `{ "startAfter": "20240101000000" }`. */
function readMigrations(node: JsonNode, problem: Problem): number | null {
  const [property, ...others] = node.children ?? [];
  const [key, value] = property?.children ?? [];
  const version = key?.value === "startAfter" && /^\d+$/.test(`${value?.value}`) ? Number(value?.value) : null;
  if (node.type === "object" && others.length === 0 && (version !== null || !property)) return version;
  problem(spanOf(node), `"migrations" is the version that has run everywhere: { "startAfter": "20240101000000" }.`);
  return null;
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
