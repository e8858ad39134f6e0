import type { Severity } from "../base/diagnostic.ts";
import { SEVERITIES } from "../base/diagnostic.ts";
import type { RuleSetting, Session } from "../lint/session.ts";
import { collectFindings, type Report } from "./finding.ts";
import { formatGithub } from "./format/github.ts";
import { formatJson } from "./format/json.ts";
import { formatSarif } from "./format/sarif.ts";
import { formatText } from "./format/text.ts";
import { UsageError } from "./usage-error.ts";
import { loadWorkspace } from "./workspace.ts";

export const FORMATS = ["text", "json", "sarif", "github"] as const;
export type Format = (typeof FORMATS)[number];

export interface CheckOptions {
  readonly format: Format;
  readonly rule: readonly string[];
  /** The least severity that is shown, and that fails; where none is asked for, all are shown, and hints do not fail. */
  readonly severity?: Severity;
  readonly baseline: boolean;
}

/**
 * Checks the targets and writes the findings to standard output. Gives the exit status: 0 clean, 1 findings, 2 a broken
 * configuration, which is then named on standard error.
 */
export async function check(
  session: Session,
  targets: readonly string[],
  options: CheckOptions,
  version: string,
  started: number,
): Promise<number> {
  const overrides = onlyRules(session, options.rule);
  const workspace = await loadWorkspace(session, targets, overrides, options.baseline);
  const shown = atLeast(options.severity ?? "hint");
  const failing = atLeast(options.severity ?? "information");
  const all = collectFindings(session, workspace, (diagnostic) => shown.includes(diagnostic.severity));
  const broken = all.filter((finding) => finding.rule === "lintel/config");
  const findings = all.filter((finding) => finding.rule !== "lintel/config");
  for (const { path, line, column, message } of broken) process.stderr.write(`${path}:${line}:${column}: ${message}\n`);
  const report: Report = {
    findings,
    files: workspace.files,
    milliseconds: performance.now() - started,
    skipped: workspace.skipped,
  };
  await write(format(report, options.format, session, version));
  return broken.length > 0 ? 2 : findings.some(({ severity }) => failing.includes(severity)) ? 1 : 0;
}

function atLeast(severity: Severity): readonly Severity[] {
  return SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1);
}

/**
 * Settings that switch on the named rules and nothing else; none when no rule is named.
 * @throws UsageError for an unknown rule.
 */
export function onlyRules(session: Session, ids: readonly string[]): Map<string, RuleSetting> {
  for (const id of ids) {
    const rule = session.rule(id);
    if (typeof rule === "string") throw new UsageError(rule);
  }
  if (ids.length === 0) return new Map();
  return new Map(session.rules.map((rule) => [rule.id, ids.includes(rule.id) ? "on" : "off"]));
}

function format(report: Report, as: Format, session: Session, version: string): string {
  switch (as) {
    case "text":
      return formatText(report);
    case "json":
      return formatJson(report);
    case "sarif":
      return formatSarif(report, session.rules, version);
    case "github":
      return formatGithub(report);
  }
}

/** Waits until all is written: a pipe may take less than the whole at once. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
