import type { Diagnostic, FixKind, FixOffer } from "../base/diagnostic.ts";
import { applyEdits, disjoint, type TextEdit, type WorkspaceEdits } from "../base/edit.ts";
import type { Range } from "../base/range.ts";
import { lineEnding } from "../base/text.ts";
import { type Anchor, HEADS } from "../facts/facts.ts";
import { dialectOfFile } from "../syntax/dialect.ts";
import type { Parser } from "../syntax/parser.ts";
import { type FileState, rangeOf } from "./analysis.ts";
import { Source, type SourceFile } from "./form-source.ts";
import type { MixProject } from "./mix-project.ts";
import type { Edit, Fix, FormSource } from "./rule.ts";
import { FormLinter } from "./run-forms.ts";
import { UNUSED } from "./suppress.ts";
import { isKnown, satisfies } from "./version.ts";

/** Computes the edits of fixes when they are asked for. */
export class Fixes {
  constructor(
    private readonly project: MixProject,
    private readonly parser: Parser,
  ) {}

  /** The fixes of a diagnostic that fit the project's library versions; a fix for an unknown version is a suggestion. */
  offers(file: FileState, diagnostic: Diagnostic): FixOffer[] {
    if (diagnostic.rule === UNUSED) return [...diagnostic.fixes];
    return this.live(file, diagnostic).fixes.map((fix) => ({ title: fix.title, kind: this.kindOf(fix) }));
  }

  /** The edits of an offered fix; null when it cannot be made after all, or would leave text that does not parse. */
  edits(file: FileState, diagnostic: Diagnostic, title: string): WorkspaceEdits | null {
    if (diagnostic.rule === UNUSED) return this.removal(file, diagnostic);
    const { source, fixes } = this.live(file, diagnostic);
    const fix = fixes.find((candidate) => candidate.title === title);
    const edits = source && fix ? this.made(fix, source, diagnostic.rule) : null;
    return edits && edits.length > 0 ? this.checked(edits) : null;
  }

  /** A fix that throws is no fix. */
  private made(fix: Fix, source: FormSource, rule: string): readonly Edit[] | null {
    try {
      return fix.edits(source);
    } catch (error) {
      this.project.logOnce(`The fix "${fix.title}" of ${rule} failed in ${source.path}`, error);
      return null;
    }
  }

  private kindOf(fix: Fix): FixKind {
    return isKnown(this.project.settings.versions, fix.requires) ? fix.kind : "suggestion";
  }

  /** The closures behind a diagnostic: its rule is run again on its form, since no tree was kept. */
  private live(file: FileState, diagnostic: Diagnostic): { source: FormSource | null; fixes: readonly Fix[] } {
    const fits = (fix: Fix): boolean => satisfies(this.project.settings.versions, fix.requires);
    for (const { finding, fixes } of this.project.viewsIn(file.path)) {
      const range = rangeOf(file, finding.at);
      if (finding.rule !== diagnostic.rule || !range || !same(range, diagnostic)) continue;
      if (finding.message !== diagnostic.message) continue;
      return { source: this.source(file, formOf(file, finding.at), range), fixes: fixes.filter(fits) };
    }
    const rule = this.project.active.get(diagnostic.rule);
    const index = file.forms.forms.findIndex((form) => form.start <= diagnostic.start && diagnostic.end <= form.end);
    const form = file.forms.forms[index];
    const syntax = index < 0 ? null : this.project.reader.syntaxOf(file.forms, index);
    if (!form || !syntax || rule?.kind !== "form") return { source: null, fixes: [] };
    const linter = new FormLinter([rule], null, () => 0);
    for (const { finding, fixes } of linter.run(syntax).live) {
      if (finding.start + form.start !== diagnostic.start || finding.end + form.start !== diagnostic.end) continue;
      if (finding.message !== diagnostic.message) continue;
      return { source: this.source(file, index, diagnostic), fixes: fixes.filter(fits) };
    }
    return { source: null, fixes: [] };
  }

  private source(file: FileState, index: number, at: Range): FormSource | null {
    const form = file.forms.forms[index];
    const syntax = this.project.reader.syntaxOf(file.forms, index);
    if (!form || !syntax) return null;
    const sourceFile: SourceFile = {
      path: file.path,
      text: file.forms.text,
      siblings: (module) =>
        file.forms.forms.flatMap((sibling, i): FormSource[] => {
          const other = sibling.module === module ? this.project.reader.syntaxOf(file.forms, i) : null;
          return other ? [new Source(sourceFile, other, sibling.start, module, { start: 0, end: 0 })] : [];
        }),
      elsewhere: (anchor) => {
        const other = this.project.files.get(anchor.path);
        const range = rangeOf(other, anchor);
        return other && range ? this.source(other, formOf(other, anchor), range) : null;
      },
    };
    const relative = { start: at.start - form.start, end: at.end - form.start };
    return new Source(sourceFile, syntax, form.start, form.module, relative);
  }

  private removal(file: FileState, { start, end }: Range): WorkspaceEdits {
    const { text } = file.forms;
    const lineStart = text.lastIndexOf("\n", start - 1) + 1;
    const alone = text.slice(lineStart, start).trim() === "" && /^[ \t]*\r?(\n|$)/.test(text.slice(end));
    const newline = text.indexOf("\n", end);
    const until = newline < 0 ? text.length : newline + 1;
    const edit = alone
      ? { start: lineStart, end: until, text: "" }
      : { start: text.slice(0, start).trimEnd().length, end, text: "" };
    return new Map([[file.path, [edit]]]);
  }

  /** By file, when no two edits overlap and each file that parsed still does; a file that is not there is to be made. */
  private checked(edits: readonly Edit[]): WorkspaceEdits | null {
    const byFile = new Map<string, TextEdit[]>();
    for (const { path, start, end, text } of edits) {
      const list = byFile.get(path) ?? [];
      const eol = lineEnding(this.project.files.get(path)?.forms.text ?? "");
      list.push({ start, end, text: eol === "\n" ? text : text.replace(/\r?\n/g, eol) });
      byFile.set(path, list);
    }
    for (const [path, list] of byFile) {
      const file = this.project.files.get(path);
      // Without a file there is one to be made: all of it is one insertion.
      const isNew = !file && list.length === 1 && list[0]?.end === 0;
      if (!(file || isNew) || !disjoint(list)) return null;
      const before = file?.forms.text ?? "";
      const after = applyEdits(before, list);
      const { reader } = this.project;
      if (reader.brokenTemplates(path, after) > reader.brokenTemplates(path, before)) return null;
      if (dialectOfFile(path) || file?.forms.clean === false) continue;
      if (this.parser.elixir(after, (cst) => cst.hasError)) return null;
    }
    return byFile;
  }
}

/** The form of an anchor; of a module's name, which stands in none, the first form of the module. */
function formOf(file: FileState, { form, at }: Anchor): number {
  return form === HEADS ? file.forms.forms.findIndex((candidate) => candidate.module === at) : form;
}

function same(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}
