import type { Location, Log, ReportingDescriptor, Result } from "sarif";
import type { Severity } from "../../base/diagnostic.ts";
import type { Rule } from "../../lint/session.ts";
import type { Place, Report } from "../finding.ts";

const LEVELS: Record<Severity, "error" | "warning" | "note"> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/** SARIF 2.1.0, which code hosts and editors read. */
export function formatSarif(report: Report, rules: readonly Rule[], version: string): string {
  const used = rules.filter((rule) => report.findings.some((finding) => finding.rule === rule.id));
  const descriptors = used.map(
    (rule): ReportingDescriptor => ({
      id: rule.id,
      shortDescription: { text: rule.summary },
      fullDescription: { text: rule.summary },
      help: { text: rule.documentation, markdown: rule.documentation },
      defaultConfiguration: { level: LEVELS[rule.severity] },
      properties: { category: rule.category },
    }),
  );
  const results = report.findings.map((finding): Result => {
    const ruleIndex = used.findIndex((rule) => rule.id === finding.rule);
    return {
      ruleId: finding.rule,
      ...(ruleIndex >= 0 ? { ruleIndex } : {}),
      level: LEVELS[finding.severity],
      message: { text: finding.message },
      locations: [locationOf(finding)],
      ...(finding.related.length > 0
        ? {
            relatedLocations: finding.related.map((place, id) => ({
              id,
              ...locationOf(place),
              message: { text: place.message },
            })),
          }
        : {}),
    };
  });
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Lintel", semanticVersion: version, rules: descriptors } },
        columnKind: "utf16CodeUnits",
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function locationOf({ path, line, column, endLine, endColumn }: Place): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}
