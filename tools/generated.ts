import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../server/src/rules.gen.ts";

/** What is generated from the rules and committed: each file with the text that it should have. */

const root = join(import.meta.dirname, "..");
const SETTINGS = ["off", "on", "error", "warning", "information", "hint"];
const BEGIN = "<!-- rules: written by `npm run gen` -->";
const END = "<!-- /rules -->";

interface Manifest {
  contributes: { configuration: { properties: Record<string, unknown> } };
}

/** A property for each rule, for completion with the rule's summary. */
function ruleProperties(): Record<string, unknown> {
  return Object.fromEntries(
    RULES.map((rule) => [
      rule.id,
      {
        enum: SETTINGS,
        default: rule.default === "off" ? "off" : rule.severity,
        description: rule.summary,
      },
    ]),
  );
}

/** The same, with the options of the rules that have such: a setting, or an object. */
function withOptions(): Record<string, unknown> {
  const properties = ruleProperties();
  for (const { id, summary, options } of RULES) {
    if (!options) continue;
    const numbers = Object.entries(options).map(([name, { description, default: standard, minimum }]) => [
      name,
      { type: "integer", minimum, default: standard, description },
    ]);
    const object = {
      type: "object",
      additionalProperties: false,
      properties: { severity: { enum: SETTINGS }, ...Object.fromEntries(numbers) },
    };
    properties[id] = { description: summary, anyOf: [{ enum: SETTINGS }, object] };
  }
  return properties;
}

function schema(): string {
  const globs = { type: "array", items: { type: "string" } };
  const value = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Lintel",
    description: "Settings of Lintel for a mix project, beside its mix.exs.",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      rules: {
        description: "Switches rules off or on, or gives them another severity.",
        type: "object",
        additionalProperties: false,
        properties: withOptions(),
      },
      include: { ...globs, description: "Globs of the files that are reported on; everything when empty." },
      exclude: {
        ...globs,
        description: "Globs of files that are not reported on. They are still read for what they define.",
      },
      migrations: {
        description: "Which migrations have run everywhere.",
        type: "object",
        additionalProperties: false,
        properties: {
          startAfter: {
            type: "string",
            pattern: "^\\d+$",
            description:
              "The version of the last migration that has run in production. Rules on how a migration is run look at newer ones only; without it, at the ten newest of each folder.",
          },
        },
      },
    },
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function manifest(): string {
  const value = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  value.contributes.configuration.properties["lintel.rules"] = {
    type: "object",
    scope: "resource",
    markdownDescription:
      "Switches rules off or on, or gives them another severity, above what `.lintel.json` says. Prefer `.lintel.json`: it is shared with your team and with CI.",
    additionalProperties: false,
    default: {},
    properties: ruleProperties(),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

function readme(): string {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const start = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (start < 0 || end < 0) throw new Error(`README.md has no "${BEGIN}" … "${END}"`);
  const rows = RULES.map(
    ({ id, severity, summary, default: standard, documentation }) =>
      `| [\`${id}\`](server/src/rules/${id}.md) | ${standard === "off" ? "off" : severity} | ${fixOf(documentation)} | ${summary} |`,
  );
  const table = ["| rule | severity | mends | what it finds |", "|---|---|---|---|", ...rows].join("\n");
  return `${text.slice(0, start)}${BEGIN}\n${table}\n${text.slice(end)}`;
}

/** What a rule offers, by the examples on its page, which the tests hold it to. */
function fixOf(documentation: string): string {
  const kinds = [
    /^```elixir fixed/m.test(documentation) && "fix",
    /^```elixir suggested/m.test(documentation) && "suggestion",
  ];
  return kinds.filter(Boolean).join(", ") || "–";
}

/** Texts by path relative to the root. @throws Error when the README has lost its markers. */
export function generatedFiles(): Map<string, string> {
  return new Map([
    ["schemas/lintel.schema.json", schema()],
    ["package.json", manifest()],
    ["README.md", readme()],
  ]);
}
