import pc from "picocolors";
import type { Severity } from "../../base/diagnostic.ts";
import type { Finding, Report } from "../finding.ts";

const COLOURS: Record<Severity, (text: string) => string> = {
  error: (text) => pc.red(text),
  warning: (text) => pc.yellow(text),
  information: (text) => pc.blue(text),
  hint: (text) => pc.dim(text),
};

/** For people: place, message, source line with the range underlined, evidence and fix. */
export function formatText(report: Report): string {
  const parts = report.findings.map(formatFinding);
  for (const { path, reason } of report.skipped) parts.push(`${pc.dim("skipped")} ${path}: ${reason}\n`);
  parts.push(summary(report));
  return parts.join("\n");
}

function formatFinding(finding: Finding): string {
  const { path, line, column, severity, message, rule } = finding;
  const number = String(line);
  const margin = " ".repeat(number.length);
  const head = `${pc.bold(`${path}:${line}:${column}`)}: ${COLOURS[severity](severity)}: ${message} ${pc.dim(`[${rule}]`)}`;
  const end = finding.endLine === line ? finding.endColumn - 1 : finding.source.length;
  // Tabs keep their width under a tab.
  const lead = finding.source.slice(0, column - 1).replace(/[^\t]/g, " ");
  const rows = [
    head,
    ` ${margin} ${pc.dim("|")}`,
    ` ${pc.dim(number)} ${pc.dim("|")} ${finding.source}`,
    ` ${margin} ${pc.dim("|")} ${lead}${COLOURS[severity]("^".repeat(Math.max(1, end - column + 1)))}`,
  ];
  for (const place of finding.related) {
    rows.push(` ${margin} ${pc.dim("=")} ${place.path}:${place.line}:${place.column}: ${place.message}`);
  }
  for (const { title, kind } of finding.fixes) rows.push(` ${margin} ${pc.dim("=")} ${pc.green(kind)}: ${title}`);
  return `${rows.join("\n")}\n`;
}

function summary({ findings, files, milliseconds }: Report): string {
  const fixable = findings.filter((finding) => finding.fixes.some(({ kind }) => kind === "fix")).length;
  const time = milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  const found = findings.length === 0 ? pc.green("No findings") : `${plural(findings.length, "finding")}`;
  const hint = fixable > 0 ? `, ${fixable} of them fixable with \`lintel fix\`` : "";
  return `${found} in ${plural(files, "file")}${hint} (${time})\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
