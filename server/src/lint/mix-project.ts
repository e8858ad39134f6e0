import type { Diagnostic } from "../base/diagnostic.ts";
import type { TextEdit } from "../base/edit.ts";
import { factsOf } from "../facts/form.ts";
import { expansions } from "../project/calls/expansions.ts";
import { dataMigrations } from "../project/database/data-migrations.ts";
import { Project } from "../project/project.ts";
import { FormReader } from "../syntax/form-reader.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import type { Parser } from "../syntax/parser.ts";
import { ActiveRules } from "./active-rules.ts";
import type { FileState, FormResult } from "./analysis.ts";
import type { BaselineEntry } from "./baseline.ts";
import { ProjectFiles } from "./project-files.ts";
import { Publisher } from "./publisher.ts";
import type { Rule } from "./rule.ts";
import { FormLinter, type Timing } from "./run-forms.ts";
import { type LiveViewFinding, ViewLinter } from "./run-views.ts";
import type { ProjectSettings } from "./settings.ts";
import { ViewFindings } from "./view-findings.ts";

/** What the engine needs from outside: it reads no clock and writes no log itself. */
export interface Surroundings {
  readonly parser: Parser;
  readonly rules: readonly Rule[];
  log(message: string): void;
  /** Milliseconds; used for `timing` only. */
  clock(): number;
  readonly timing: Timing | null;
}

/** One mix project: its files, what is known of them together, and their diagnostics. */
export class MixProject {
  readonly project: Project;
  readonly reader: FormReader<FormResult>;
  private readonly rules: ActiveRules;
  private readonly source: ProjectFiles;
  private readonly forms: FormLinter;
  private readonly views: ViewFindings;
  private readonly publisher: Publisher;
  private readonly logged = new Set<string>();
  /** Files that are as finished as the migrations which run them: nothing of them is shown. */
  private finished: ReadonlySet<string> = new Set();

  constructor(
    readonly settings: ProjectSettings,
    private readonly around: Surroundings,
  ) {
    const { parser, timing, clock } = around;
    const { root, config } = settings;
    this.project = new Project({ startAfter: config.startAfter, nested: settings.nested });
    this.rules = new ActiveRules(around.rules, settings);
    this.reader = new FormReader(
      parser,
      (form) => this.build(form),
      (module, argument) => this.project.read(expansions)(module, argument),
    );
    this.source = new ProjectFiles(root, this.project, this.reader);
    this.forms = new FormLinter(this.rules.ofForms, timing, clock);
    const classOf = (path: string) => this.files.get(path)?.fileClass ?? "code";
    const linter = new ViewLinter(this.rules.ofViews, this.project, classOf, config.options, timing, clock);
    this.views = new ViewFindings(linter, this.rules);
    this.publisher = new Publisher(settings, this.rules, this.files);
  }

  /** The files by their paths. */
  get files(): ReadonlyMap<string, FileState> {
    return this.source.byPath;
  }

  /** The rules that are on, by their ids. */
  get active(): ReadonlyMap<string, Rule> {
    return this.rules.byId;
  }

  /** Takes in the whole text of a file, new or not; `published` are diagnostics that it was last seen with elsewhere. */
  update(path: string, text: string, published: readonly Diagnostic[] = []): void {
    this.source.update(path, text, published);
  }

  /** Takes in edits, each speaking of the text that the one before it left; see `FormReader.edit`. */
  edit(path: string, edits: readonly TextEdit[]): void {
    this.source.edit(path, edits);
  }

  remove(path: string): void {
    this.source.remove(path);
  }

  /** Makes what the files read so far define known to those that are read next; a `refresh` must follow. */
  takeAllFacts(): void {
    this.source.takeFacts();
  }

  /**
   * Brings the diagnostics up to date and returns the paths whose diagnostics changed. When `whole`, the result is what
   * a fresh project on the same texts would give; otherwise files with a broken form keep their last facts.
   */
  refresh(whole: boolean): string[] {
    const { touched } = this.source;
    const factsChanged = this.source.settle(whole);
    const moved = new Set(touched);
    if (factsChanged) for (const path of [...this.runViews(), ...this.newlyFinished()]) touched.add(path);
    for (const { path, pointsTo } of this.files.values())
      if (pointsTo.size > 0 && [...pointsTo].some((other) => moved.has(other))) touched.add(path);
    const changed = [...touched].filter((path) => {
      const file = this.source.byPath.get(path);
      return !file || this.publish(file);
    });
    this.source.forgetTouched();
    return changed;
  }

  /** True when a `refresh(true)` would read a file anew. */
  get outdated(): boolean {
    return this.source.touched.size > 0;
  }

  /** Live findings of view rules in a file, for their fixes. */
  viewsIn(path: string): readonly LiveViewFinding[] {
    return this.views.of(path);
  }

  /** What a baseline records of a diagnostic. */
  baselineEntry(file: FileState, diagnostic: Diagnostic): BaselineEntry {
    return this.publisher.baselineEntry(file, diagnostic);
  }

  /** Logs each failure of a kind once. */
  logOnce(what: string, error: unknown): void {
    if (this.logged.has(what)) return;
    this.logged.add(what);
    this.around.log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  private build(form: FormSyntax): FormResult {
    const { facts, anchors } = factsOf(form);
    const { live, crashes } = this.forms.run(form);
    const findings = live.filter(({ requires }) => this.rules.fits(requires)).map(({ finding }) => finding);
    return { facts, anchors, findings, comments: form.comments, crashes };
  }

  private runViews(): readonly string[] {
    const { changed, crashes } = this.views.run();
    for (const { rule, error, path } of crashes) this.logCrash(rule, error, path ?? this.settings.root);
    return changed;
  }

  /** The files that have become finished, or are no longer. */
  private newlyFinished(): string[] {
    const before = this.finished;
    this.finished = this.project.read(dataMigrations);
    if (before === this.finished) return [];
    return [...new Set([...before, ...this.finished])].filter((path) => before.has(path) !== this.finished.has(path));
  }

  private publish(file: FileState): boolean {
    for (const form of file.forms.forms)
      for (const { rule, error } of form.result?.crashes ?? []) this.logCrash(rule, error, file.path);
    const found = this.viewsIn(file.path).map(({ finding }) => finding);
    const diagnostics = this.finished.has(file.path) ? [] : this.publisher.diagnosticsOf(file, found);
    const changed = JSON.stringify(diagnostics) !== JSON.stringify(file.diagnostics);
    file.diagnostics = diagnostics;
    file.pointsTo = this.views.pointsTo(file.path);
    return changed;
  }

  private logCrash(rule: string, error: unknown, path: string): void {
    this.logOnce(`Rule ${rule} failed and is off for ${path}`, error);
  }
}
