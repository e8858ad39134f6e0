import type { Diagnostic, RelatedLocation, Severity } from "../base/diagnostic.ts";
import type { Range } from "../base/range.ts";
import { LineIndex } from "../base/text.ts";
import { type Anchor, type FormFacts, HEADS, type ModuleFacts } from "../facts/facts.ts";
import type { FormRecord } from "../facts/file.ts";
import type { Comment } from "../syntax/ast.ts";
import type { FileForms } from "../syntax/file-forms.ts";
import type { FileClass } from "./rule.ts";
import type { Crash, FormFinding } from "./run-forms.ts";
import type { ViewFinding } from "./run-views.ts";

/** What is kept of a form: its facts, its findings, and the comments in it that speak to a linter. */
export interface FormResult extends FormRecord {
  readonly findings: readonly FormFinding[];
  readonly comments: readonly Comment[];
  readonly crashes: readonly Crash[];
}

/** A file as the engine keeps it. No tree stays behind. */
export interface FileState {
  readonly path: string;
  fileClass: FileClass;
  forms: FileForms<FormResult>;
  modules: readonly ModuleFacts[];
  /** What `modules` were made of: the facts of each form of `forms`; null before. */
  taken: { readonly forms: FileForms<FormResult>; readonly facts: readonly (FormFacts | null)[] } | null;
  diagnostics: readonly Diagnostic[];
  /** Paths of other files that its diagnostics point into. */
  pointsTo: ReadonlySet<string>;
}

/** The range of an anchor in its file as it stands now; null while its form does not parse. */
export function rangeOf(file: FileState | undefined, at: Anchor): Range | null {
  if (at.form === HEADS) {
    const module = file?.forms.modules[at.at];
    return module ? { start: module.nameStart, end: module.nameEnd } : null;
  }
  const form = file?.forms.forms[at.form];
  const range = form?.result?.anchors[at.at];
  return form && range ? { start: form.start + range.start, end: form.start + range.end } : null;
}

/** The rules that crashed in a file: they are off for the whole of it. */
export function crashedIn(file: FileState): ReadonlySet<string> {
  return new Set(file.forms.forms.flatMap((form) => form.result?.crashes.map((crash) => crash.rule) ?? []));
}

/** The findings of form rules and of view rules, placed in the file's text as it stands now. */
export function diagnosticsOf(
  file: FileState,
  views: readonly ViewFinding[],
  files: ReadonlyMap<string, FileState>,
  severityOf: (rule: string, own: Severity | null) => Severity,
): Diagnostic[] {
  const out: Diagnostic[] = [];
  const crashed = crashedIn(file);
  for (const form of file.forms.forms) {
    for (const finding of form.result?.findings ?? []) {
      if (crashed.has(finding.rule)) continue;
      const related = finding.related.map(({ start, end, message }) => ({
        path: file.path,
        start: form.start + start,
        end: form.start + end,
        message,
      }));
      out.push(diagnostic(finding, form.start, related, severityOf(finding.rule, finding.severity)));
    }
  }
  for (const view of views) {
    const range = rangeOf(file, view.at);
    if (!range) continue;
    const related = view.related.flatMap(({ at, message }): RelatedLocation[] => {
      const target = rangeOf(files.get(at.path), at);
      return target ? [{ path: at.path, ...target, message }] : [];
    });
    out.push(diagnostic({ ...view, ...range }, 0, related, severityOf(view.rule, view.severity)));
  }
  return out;
}

function diagnostic(
  finding: Omit<FormFinding, "related" | "severity">,
  by: number,
  related: readonly RelatedLocation[],
  severity: Severity,
): Diagnostic {
  const { rule, message, fixes, tags } = finding;
  return { rule, severity, message, related, fixes, tags, start: finding.start + by, end: finding.end + by };
}

/** All comments of a file that speak to a linter, offsets those of its text. */
export function linterComments(file: FileState): Comment[] {
  const inForms = file.forms.forms.flatMap(
    (form) =>
      form.result?.comments.map((comment) => ({
        ...comment,
        start: comment.start + form.start,
        end: comment.end + form.start,
      })) ?? [],
  );
  return [...file.forms.comments, ...inForms].sort((a, b) => a.start - b.start);
}

/** `Module.function/arity` around an offset, as far as there are such; for baselines. */
export function labelAt(file: FileState, offset: number): string {
  const form = file.forms.forms.find((candidate) => candidate.start <= offset && offset <= candidate.end);
  if (!form) return "";
  const module = file.forms.modules[form.module]?.name ?? "";
  const clause = form.result?.facts.clause;
  return clause ? `${module}.${clause.name}/${clause.arity}` : module;
}

/** By position, then rule: the order in which diagnostics are shown. */
export function inOrder(diagnostics: Diagnostic[]): Diagnostic[] {
  return diagnostics.sort(
    (a, b) => a.start - b.start || a.end - b.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  );
}

/** The lines of a file's text; built when somebody asks, for few files need them. */
export function linesOf(file: FileState): LineIndex {
  return new LineIndex(file.forms.text);
}
