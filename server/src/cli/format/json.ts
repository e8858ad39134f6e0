import type { Report } from "../finding.ts";

/** For scripts; the shape is documented in the README and kept stable. */
export function formatJson(report: Report): string {
  const findings = report.findings.map(({ fixes, source: _source, ...finding }) => ({
    ...finding,
    fixable: fixes.length > 0,
  }));
  const { files, skipped } = report;
  return `${JSON.stringify({ findings, files, milliseconds: Math.round(report.milliseconds), skipped }, null, 2)}\n`;
}
