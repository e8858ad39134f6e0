import { relative } from "node:path";
import type { Diagnostic, Severity } from "../base/diagnostic.ts";
import { LineIndex } from "../base/text.ts";
import type { Session } from "../lint/session.ts";
import type { Workspace } from "./workspace.ts";

/** A place as people and editors count: lines and columns from 1, columns in characters (UTF-16 code units). */
export interface Place {
  /** Relative to the folder that was checked. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A diagnostic as the output formats show it. */
export interface Finding extends Place {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly (Place & { readonly message: string })[];
  /** Titles of what can be done about it. */
  readonly fixes: readonly { readonly title: string; readonly kind: string }[];
  /** The source of the line on which it begins. */
  readonly source: string;
}

/** What a check found. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly milliseconds: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** The findings in the files that were asked for, by path and position. */
export function collectFindings(session: Session, workspace: Workspace, wanted: (d: Diagnostic) => boolean): Finding[] {
  const lines = new Map<string, LineIndex>();
  const linesOf = (path: string): LineIndex => {
    let index = lines.get(path);
    if (!index) {
      index = new LineIndex(session.text(path) ?? "");
      lines.set(path, index);
    }
    return index;
  };
  const placeOf = (path: string, start: number, end: number): Place => {
    const from = linesOf(path).positionAt(start);
    const to = linesOf(path).positionAt(end);
    return {
      path: relative(workspace.base, path) || path,
      line: from.line + 1,
      column: from.column + 1,
      endLine: to.line + 1,
      endColumn: to.column + 1,
    };
  };
  const out: Finding[] = [];
  for (const path of session.paths().filter(workspace.isTarget).sort()) {
    for (const diagnostic of session.diagnostics(path).filter(wanted)) {
      const place = placeOf(path, diagnostic.start, diagnostic.end);
      out.push({
        ...place,
        rule: diagnostic.rule,
        severity: diagnostic.severity,
        message: diagnostic.message,
        related: diagnostic.related.map((r) => ({ ...placeOf(r.path, r.start, r.end), message: r.message })),
        fixes: diagnostic.fixes.length > 0 ? possibleFixes(session, path, diagnostic) : [],
        source: linesOf(path).line(place.line - 1),
      });
    }
  }
  return out;
}

/** The fixes that can really be made: an offer may turn out not to apply. */
function possibleFixes(session: Session, path: string, diagnostic: Diagnostic): Finding["fixes"] {
  return session
    .actions(path, diagnostic)
    .filter((action) => action.diagnostic === diagnostic && (action.kind === "fix" || action.kind === "suggestion"))
    .filter((action) => action.edits() !== null)
    .map(({ title, kind }) => ({ title, kind }));
}
