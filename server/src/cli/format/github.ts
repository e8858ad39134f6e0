import type { Severity } from "../../base/diagnostic.ts";
import type { Report } from "../finding.ts";

const COMMANDS: Record<Severity, string> = {
  error: "error",
  warning: "warning",
  information: "notice",
  hint: "notice",
};

/** Workflow commands of GitHub Actions: annotations on the changed lines of a pull request. */
export function formatGithub(report: Report): string {
  const lines = report.findings.map(({ path, line, endLine, column, endColumn, severity, rule, message }) => {
    const columns = line === endLine ? `,col=${column},endColumn=${endColumn}` : "";
    return `::${COMMANDS[severity]} file=${property(path)},line=${line},endLine=${endLine}${columns},title=${property(rule)}::${data(message)}`;
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** The escapes that the runner undoes in the message. */
function data(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function property(text: string): string {
  return data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
