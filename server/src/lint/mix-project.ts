import picomatch from "picomatch";
import type { Diagnostic, Severity } from "../base/diagnostic.ts";
import type { TextEdit } from "../base/edit.ts";
import type { Expansions } from "../base/use.ts";
import { withChangedClause } from "../facts/changed-clause.ts";
import type { FormFacts } from "../facts/facts.ts";
import { modulesOf } from "../facts/file.ts";
import { factsOf } from "../facts/form.ts";
import { expansions } from "../project/calls/expansions.ts";
import { dataMigrations } from "../project/database/data-migrations.ts";
import { Project } from "../project/project.ts";
import { dialectOfFile } from "../syntax/dialect.ts";
import { fileEnv } from "../syntax/env.ts";
import { type FileForms, FormReader, type FormSyntax } from "../syntax/forms.ts";
import type { Parser } from "../syntax/parser.ts";
import {
  diagnosticsOf,
  type FileState,
  type FormResult,
  inOrder,
  labelAt,
  linesOf,
  linterComments,
} from "./analysis.ts";
import { type Baseline, type BaselineEntry, entryKey, NO_BASELINE, snippetHash } from "./baseline.ts";
import { type Config, NO_CONFIG } from "./config.ts";
import { classOfFile, isPage } from "./file-class.ts";
import type { FileClass, FormRule, ModuleRule, ProjectRule, Rule } from "./rule.ts";
import { type Crash, FormLinter, type Timing } from "./run-forms.ts";
import { type LiveViewFinding, ViewLinter } from "./run-views.ts";
import { applySuppressions, suppressionsIn } from "./suppress.ts";
import { satisfies, type Versions } from "./version.ts";

/** Everything about a project that does not stand in its Elixir files. */
export interface ProjectSettings {
  /** The absolute path of the folder that holds `mix.exs`, `/` between the parts, none at the end. */
  readonly root: string;
  readonly config: Config;
  readonly versions: Versions;
  readonly baseline: Baseline;
  /** True for a project inside of another one. */
  readonly nested: boolean;
}

export function defaultSettings(root: string): ProjectSettings {
  return { root, config: NO_CONFIG, versions: new Map(), baseline: NO_BASELINE, nested: false };
}

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
  readonly files = new Map<string, FileState>();
  readonly project: Project;
  readonly active: ReadonlyMap<string, Rule>;
  readonly reader: FormReader<FormResult>;
  private readonly forms: FormLinter;
  private readonly views: ViewLinter;
  private readonly isIncluded: (path: string) => boolean;
  private readonly touched = new Set<string>();
  private readonly logged = new Set<string>();
  private viewFindings = new Map<string, readonly LiveViewFinding[]>();
  private factsChanged = false;
  /** Files that are as finished as the migrations which run them. */
  private finished: ReadonlySet<string> = new Set();
  /** The expansions under which all files but the touched ones were read. */
  private settledExpansions: Expansions | null = null;

  constructor(
    readonly settings: ProjectSettings,
    private readonly around: Surroundings,
  ) {
    this.project = new Project({ startAfter: settings.config.startAfter, nested: settings.nested });
    const rules = around.rules.filter((rule) => this.isOn(rule));
    this.active = new Map(rules.map((rule) => [rule.id, rule]));
    const formRules = rules.filter((rule): rule is FormRule & Rule => rule.kind === "form");
    const viewRules = rules.filter((rule): rule is (ModuleRule | ProjectRule) & Rule => rule.kind !== "form");
    this.forms = new FormLinter(formRules, around.timing, around.clock);
    this.views = new ViewLinter(
      viewRules,
      this.project,
      (path) => this.classOf(path),
      settings.config.options,
      around.timing,
      around.clock,
    );
    this.reader = new FormReader(
      around.parser,
      (form) => this.build(form),
      (module, argument) => this.project.read(expansions)(module, argument),
    );
    this.isIncluded = globs(settings.config);
  }

  /** The path relative to the root. */
  relative(path: string): string {
    return path.startsWith(`${this.settings.root}/`) ? path.slice(this.settings.root.length + 1) : path;
  }

  /** Takes in the whole text of a file, new or not; `published` are diagnostics that it was last seen with elsewhere. */
  update(path: string, text: string, published: readonly Diagnostic[] = []): void {
    const before = this.files.get(path);
    if (before && before.forms.text === text && before.forms.state === "settled") return;
    const fileClass = classOfFile(this.relative(path), text);
    const previous = before?.fileClass === fileClass ? before.forms : null;
    if (before && !previous) this.factsChanged = true;
    const forms = this.read(path, text, fileClass, previous);
    this.files.set(path, {
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
    const file = this.files.get(path);
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
    if (this.fileClassOf(file) !== file.fileClass) file.forms.state = "outdated";
    this.touched.add(path);
  }

  remove(path: string): void {
    if (!this.files.delete(path)) return;
    this.project.set(path, []);
    this.factsChanged = true;
    this.touched.add(path);
  }

  /** Makes what the files read so far define known to those that are read next; a `refresh` must follow. */
  takeAllFacts(): void {
    for (const path of this.touched) {
      const file = this.files.get(path);
      if (file) this.takeFacts(file);
    }
  }

  /**
   * Brings the diagnostics up to date and returns the paths whose diagnostics changed. When `whole`, the result is what
   * a fresh project on the same texts would give; otherwise files with a broken form keep their last facts.
   */
  refresh(whole: boolean): string[] {
    for (const path of [...this.touched]) {
      const file = this.files.get(path);
      if (!file) continue;
      if (whole && file.forms.state !== "settled") this.reread(file);
      if (file.forms.state === "settled") this.takeFacts(file);
    }
    this.settleExpansions();
    const moved = new Set(this.touched);
    if (this.factsChanged) for (const path of [...this.runViews(), ...this.newlyFinished()]) this.touched.add(path);
    this.factsChanged = false;
    for (const file of this.files.values()) {
      if (file.pointsTo.size > 0 && !this.touched.has(file.path) && [...file.pointsTo].some((path) => moved.has(path)))
        this.touched.add(file.path);
    }
    const changed: string[] = [];
    for (const path of this.touched) {
      const file = this.files.get(path);
      if (!file || this.publish(file)) changed.push(path);
    }
    const unsettled = [...this.touched].filter(
      (path) => (this.files.get(path)?.forms.state ?? "settled") !== "settled",
    );
    this.touched.clear();
    for (const path of unsettled) this.touched.add(path);
    return changed;
  }

  /** True when a `refresh(true)` would read a file anew. */
  get outdated(): boolean {
    return this.touched.size > 0;
  }

  /** Live findings of view rules in a file, for their fixes. */
  viewsIn(path: string): readonly LiveViewFinding[] {
    return this.viewFindings.get(path) ?? [];
  }

  /** What a baseline records of a diagnostic. */
  baselineEntry(file: FileState, diagnostic: Diagnostic): BaselineEntry {
    return {
      rule: diagnostic.rule,
      path: this.relative(file.path),
      anchor: labelAt(file, diagnostic.start),
      snippet: snippetHash(file.forms.text.slice(diagnostic.start, diagnostic.end)),
    };
  }

  private isOn(rule: Rule): boolean {
    const setting = this.settings.config.rules.get(rule.id);
    if (setting === "off" || !satisfies(this.settings.versions, rule.requires)) return false;
    return setting !== undefined || rule.default !== "off";
  }

  /** True unless the project's libraries are too old for the finding. */
  private holds({ requires }: Pick<LiveViewFinding, "requires">): boolean {
    return satisfies(this.settings.versions, requires);
  }

  private severityOf(rule: Rule | undefined, own: Severity | null): Severity {
    const setting = rule && this.settings.config.rules.get(rule.id);
    if (setting && setting !== "on" && setting !== "off") return setting;
    return own ?? rule?.severity ?? "warning";
  }

  private classOf(path: string): FileClass {
    return this.files.get(path)?.fileClass ?? "code";
  }

  private build(form: FormSyntax): FormResult {
    const { facts, anchors } = factsOf(form);
    const { live, crashes } = this.forms.run(form);
    const findings = live.filter((one) => this.holds(one)).map(({ finding }) => finding);
    return { facts, anchors, findings, comments: form.comments, crashes };
  }

  private read(path: string, text: string, fileClass: FileClass, previous: FileForms<FormResult> | null) {
    const env = fileEnv(fileClass, isPage(this.relative(path), text));
    const dialect = dialectOfFile(path);
    return dialect ? this.reader.readTemplate(text, dialect, env) : this.reader.read(text, env, previous);
  }

  private fileClassOf({ path, forms }: FileState): FileClass {
    return classOfFile(this.relative(path), forms.text);
  }

  private reread(file: FileState): void {
    const fileClass = this.fileClassOf(file);
    const previous = fileClass === file.fileClass ? file.forms : null;
    if (!previous) this.factsChanged = true;
    file.fileClass = fileClass;
    file.forms = this.read(file.path, file.forms.text, fileClass, previous);
  }

  private takeFacts(file: FileState): void {
    const facts = file.forms.forms.map((form) => form.result?.facts ?? null);
    const modules = withEdit(file, facts) ?? modulesOf(file.path, file.fileClass, file.forms, file.modules);
    file.taken = { forms: file.forms, facts };
    if (sameModules(modules, file.modules)) return;
    file.modules = modules;
    this.project.set(file.path, modules);
    this.factsChanged = true;
  }

  /** Reads files anew whose `use` now brings in something else, until none is left. A cycle of macros ends after eight rounds. */
  private settleExpansions(): void {
    for (let round = 0; round < 8; round++) {
      const lookup = this.project.read(expansions);
      const asBefore = lookup === this.settledExpansions;
      this.settledExpansions = lookup;
      const stale = [...this.files.values()].filter(
        (file) =>
          (!asBefore || this.touched.has(file.path)) &&
          file.forms.lookups.some(
            ({ module, argument, answer }) => JSON.stringify(lookup(module, argument)) !== JSON.stringify(answer),
          ),
      );
      if (stale.length === 0) return;
      for (const file of stale) {
        this.reread(file);
        this.takeFacts(file);
        this.touched.add(file.path);
      }
    }
  }

  private runViews(): string[] {
    const { live, crashes } = this.views.run();
    for (const crash of crashes) this.logCrash(crash, crash.path ?? this.settings.root);
    const next = new Map<string, LiveViewFinding[]>();
    for (const finding of live.filter((one) => this.holds(one))) {
      const list = next.get(finding.finding.at.path);
      if (list) list.push(finding);
      else next.set(finding.finding.at.path, [finding]);
    }
    const before = this.viewFindings;
    this.viewFindings = next;
    const paths = new Set([...before.keys(), ...next.keys()]);
    return [...paths].filter((path) => !sameLists(before.get(path) ?? [], next.get(path) ?? []));
  }

  /** The files that have become finished, or are no longer. */
  private newlyFinished(): string[] {
    const before = this.finished;
    this.finished = this.project.read(dataMigrations);
    if (before === this.finished) return [];
    return [...new Set([...before, ...this.finished])].filter((path) => before.has(path) !== this.finished.has(path));
  }

  private publish(file: FileState): boolean {
    for (const form of file.forms.forms) {
      for (const crash of form.result?.crashes ?? []) this.logCrash(crash, file.path);
    }
    const diagnostics = this.assemble(file);
    const changed = JSON.stringify(diagnostics) !== JSON.stringify(file.diagnostics);
    file.diagnostics = diagnostics;
    // Not those that are shown: a place in a file that is broken just now has none, and comes back with it.
    const places = (this.viewFindings.get(file.path) ?? []).flatMap(({ finding }) => finding.related);
    file.pointsTo = new Set(places.map(({ at }) => at.path).filter((path) => path !== file.path));
    return changed;
  }

  private assemble(file: FileState): Diagnostic[] {
    if (!this.isIncluded(this.relative(file.path)) || this.finished.has(file.path)) return [];
    const views = (this.viewFindings.get(file.path) ?? []).map(({ finding }) => finding);
    const found = diagnosticsOf(file, views, this.files, (rule, own) => this.severityOf(this.active.get(rule), own));
    const comments = linterComments(file);
    if (comments.length > 0) {
      const lines = linesOf(file);
      const suppressions = suppressionsIn(comments, lines);
      const active = new Set(this.active.keys());
      return this.withoutBaseline(
        file,
        inOrder(applySuppressions(found, suppressions, lines, this.around.rules, active)),
      );
    }
    return this.withoutBaseline(file, inOrder(found));
  }

  private withoutBaseline(file: FileState, diagnostics: Diagnostic[]): Diagnostic[] {
    if (this.settings.baseline.size === 0) return diagnostics;
    const left = new Map(this.settings.baseline);
    return diagnostics.filter((diagnostic) => {
      const key = entryKey(this.baselineEntry(file, diagnostic));
      const count = left.get(key) ?? 0;
      if (count > 0) left.set(key, count - 1);
      return count === 0;
    });
  }

  private logCrash(crash: Crash, path: string): void {
    this.logOnce(`Rule ${crash.rule} failed and is off for ${path}`, crash.error);
  }

  logOnce(what: string, error: unknown): void {
    if (this.logged.has(what)) return;
    this.logged.add(what);
    this.around.log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

function globs(config: Config): (path: string) => boolean {
  const included = config.include.length > 0 ? picomatch([...config.include], { dot: true }) : () => true;
  const excluded = config.exclude.length > 0 ? picomatch([...config.exclude], { dot: true }) : () => false;
  return (path) => included(path) && !excluded(path);
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

/** Same modules with the same facts; clauses compare by identity, which unchanged forms keep. */
function sameModules(a: FileState["modules"], b: FileState["modules"]): boolean {
  if (a.length !== b.length) return false;
  return a.every((module, i) => {
    const other = b[i] as (typeof b)[number];
    if (module === other) return true;
    const clauses =
      module.clauses.length === other.clauses.length && module.clauses.every((c, n) => c === other.clauses[n]);
    if (!clauses) return false;
    const { clauses: _own, attributes, ...rest } = module;
    const { clauses: _others, attributes: otherAttributes, ...otherRest } = other;
    return (
      JSON.stringify(rest) === JSON.stringify(otherRest) &&
      JSON.stringify([...attributes]) === JSON.stringify([...otherAttributes])
    );
  });
}

function sameLists(a: readonly LiveViewFinding[], b: readonly LiveViewFinding[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry === b[i]);
}
