import type { Session } from "../lint/session.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Prints the page of a rule.
 * @throws UsageError for an unknown rule, with the nearest name.
 */
export function explain(session: Session, id: string): void {
  const rule = session.rule(id);
  if (typeof rule === "string") throw new UsageError(rule);
  process.stdout.write(rule.documentation);
}

/** Prints all rules, one a line, or as JSON. */
export function listRules(session: Session, asJson: boolean): void {
  const rows = session.rules.map(({ id, category, severity, summary, since, default: standard = "on" }) => ({
    id,
    category,
    severity,
    default: standard,
    since,
    summary,
  }));
  if (asJson) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  const width = Math.max(...rows.map((row) => row.id.length));
  for (const row of rows) {
    process.stdout.write(
      `${row.id.padEnd(width)}  ${row.severity.padEnd(11)} ${row.default.padEnd(3)}  ${row.summary}\n`,
    );
  }
}
