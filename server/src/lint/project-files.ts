import type { Diagnostic } from "../base/diagnostic.ts";
import type { TextEdit } from "../base/edit.ts";
import { sameBy, sameItems } from "../base/same-items.ts";
import type { Expansions } from "../base/use.ts";
import { withChangedClause } from "../facts/changed-clause.ts";
import type { FormFacts, ModuleFacts } from "../facts/facts.ts";
import { modulesOf } from "../facts/file.ts";
import { expansions } from "../project/calls/expansions.ts";
import type { Project } from "../project/project.ts";
import { dialectOfFile } from "../syntax/dialect.ts";
import { fileEnv } from "../syntax/env.ts";
import type { FileForms } from "../syntax/file-forms.ts";
import type { FormReader } from "../syntax/form-reader.ts";
import type { FileState, FormResult } from "./analysis.ts";
import { classOfFile, isPage } from "./file-class.ts";
import type { FileClass } from "./rule.ts";
import { relativeTo } from "./settings.ts";

/** How often files are read again because a macro of the project brings in something else: a cycle of macros ends then. */
const ROUNDS = 8;

/** The files of a project: takes in their texts and edits, and hands their facts to the project. */
export class ProjectFiles {
  readonly byPath = new Map<string, FileState>();
  /** The paths of files that something has happened to since their diagnostics were made. */
  readonly touched = new Set<string>();
  private factsChanged = false;
  /** The expansions under which all files but the touched ones were read. */
  private settledExpansions: Expansions | null = null;

  constructor(
    private readonly root: string,
    private readonly project: Project,
    private readonly reader: FormReader<FormResult>,
  ) {}

  /** Takes in the whole text of a file, new or not; `published` are diagnostics that it was last seen with elsewhere. */
  update(path: string, text: string, published: readonly Diagnostic[]): void {
    const before = this.byPath.get(path);
    if (before && before.forms.text === text && before.forms.state === "settled") return;
    const fileClass = this.classOfText(path, text);
    const previous = before?.fileClass === fileClass ? before.forms : null;
    if (before && !previous) this.factsChanged = true;
    const forms = this.read(path, text, fileClass, previous);
    this.byPath.set(path, {
      path,
      fileClass,
      forms,
      modules: before?.modules ?? [],
      taken: null,
      diagnostics: before?.diagnostics ?? published,
      pointsTo: new Set(),
    });
    this.touched.add(path);
  }

  /** Takes in edits, each speaking of the text that the one before it left; see `FormReader.edit`. */
  edit(path: string, edits: readonly TextEdit[]): void {
    const file = this.byPath.get(path);
    if (!file) return;
    for (const edit of edits) {
      const facts = file.forms.forms.map((form) => form.result);
      const index = this.reader.edit(file.forms, edit);
      const form = index === null ? undefined : file.forms.forms[index];
      const before = index === null ? null : (facts[index] ?? null);
      // Equal facts stay the same object, so that nothing that was computed from them is computed again.
      if (form?.result && before && JSON.stringify(form.result.facts) === JSON.stringify(before.facts)) {
        form.result = { ...form.result, facts: before.facts };
      }
    }
    if (this.classOfText(path, file.forms.text) !== file.fileClass) file.forms.state = "outdated";
    this.touched.add(path);
  }

  remove(path: string): void {
    if (!this.byPath.delete(path)) return;
    this.project.set(path, []);
    this.factsChanged = true;
    this.touched.add(path);
  }

  /** Makes what the touched files define known to those that are read next. */
  takeFacts(): void {
    for (const path of this.touched) {
      const file = this.byPath.get(path);
      if (file) this.takeFactsOf(file);
    }
  }

  /**
   * Brings the project's facts up to date, and says whether any have changed since it was last asked. When `whole`, files that
   * are broken or outdated are read anew; otherwise they keep their last facts.
   */
  settle(whole: boolean): boolean {
    for (const path of [...this.touched]) {
      const file = this.byPath.get(path);
      if (!file) continue;
      if (whole && file.forms.state !== "settled") this.reread(file);
      if (file.forms.state === "settled") this.takeFactsOf(file);
    }
    this.settleExpansions();
    const changed = this.factsChanged;
    this.factsChanged = false;
    return changed;
  }

  /** The diagnostics of all files are made; what is not settled stays touched. */
  forgetTouched(): void {
    for (const path of [...this.touched])
      if ((this.byPath.get(path)?.forms.state ?? "settled") === "settled") this.touched.delete(path);
  }

  private classOfText(path: string, text: string): FileClass {
    return classOfFile(relativeTo(this.root, path), text);
  }

  private read(path: string, text: string, fileClass: FileClass, previous: FileForms<FormResult> | null) {
    const env = fileEnv(fileClass, isPage(relativeTo(this.root, path), text));
    const dialect = dialectOfFile(path);
    return dialect ? this.reader.readTemplate(text, dialect, env) : this.reader.read(text, env, previous);
  }

  private reread(file: FileState): void {
    const { path, forms } = file;
    const fileClass = this.classOfText(path, forms.text);
    const previous = fileClass === file.fileClass ? forms : null;
    if (!previous) this.factsChanged = true;
    file.fileClass = fileClass;
    file.forms = this.read(path, forms.text, fileClass, previous);
  }

  private takeFactsOf(file: FileState): void {
    const facts = file.forms.forms.map((form) => form.result?.facts ?? null);
    const modules = withEdit(file, facts) ?? modulesOf(file.path, file.fileClass, file.forms, file.modules);
    file.taken = { forms: file.forms, facts };
    if (sameBy(modules, file.modules, isSameModule)) return;
    file.modules = modules;
    this.project.set(file.path, modules);
    this.factsChanged = true;
  }

  /** Reads files anew whose `use` now brings in something else, until none is left. */
  private settleExpansions(): void {
    for (let round = 0; round < ROUNDS; round++) {
      const lookup = this.project.read(expansions);
      const asBefore = lookup === this.settledExpansions;
      this.settledExpansions = lookup;
      const stale = [...this.byPath.values()].filter(
        (file) =>
          (!asBefore || this.touched.has(file.path)) &&
          file.forms.lookups.some(
            ({ module, argument, answer }) => JSON.stringify(lookup(module, argument)) !== JSON.stringify(answer),
          ),
      );
      if (stale.length === 0) return;
      for (const file of stale) {
        this.reread(file);
        this.takeFactsOf(file);
        this.touched.add(file.path);
      }
    }
  }
}

/** The modules of a file in which no form, or one clause, says something else than when they were last taken; null otherwise. */
function withEdit(
  { forms, modules, taken }: FileState,
  facts: readonly (FormFacts | null)[],
): FileState["modules"] | null {
  if (taken?.forms !== forms || taken.facts.length !== facts.length) return null;
  const index = facts.findIndex((now, i) => now !== taken.facts[i]);
  if (index < 0) return modules;
  const [before, now] = [taken.facts[index], facts[index]];
  if (!before || !now || facts.some((other, i) => i > index && other !== taken.facts[i])) return null;
  return withChangedClause(modules, forms, index, before, now);
}

/** True for modules with the same facts; clauses compare by identity, which unchanged forms keep. */
function isSameModule(a: ModuleFacts, b: ModuleFacts): boolean {
  if (a === b) return true;
  if (!sameItems(a.clauses, b.clauses)) return false;
  const { clauses: _own, attributes, ...rest } = a;
  const { clauses: _others, attributes: otherAttributes, ...otherRest } = b;
  return (
    JSON.stringify(rest) === JSON.stringify(otherRest) &&
    JSON.stringify([...attributes]) === JSON.stringify([...otherAttributes])
  );
}
