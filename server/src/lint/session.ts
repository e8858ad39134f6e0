import type { Diagnostic, FixKind } from "../base/diagnostic.ts";
import { disjoint, type TextEdit, type WorkspaceEdits } from "../base/edit.ts";
import { overlaps, type Range } from "../base/range.ts";
import { indentationAt, lineEnding, lineStartAt } from "../base/text.ts";
import { dialectOfFile } from "../syntax/dialect.ts";
import type { FileState } from "./analysis.ts";
import { BASELINE_FILE, type BaselineEntry, formatBaseline } from "./baseline.ts";
import { CONFIG_FILE, type Config, type RuleSetting, unknownRule } from "./config.ts";
import { Fixes } from "./fixes.ts";
import { type Graph, type GraphKind, graphOf } from "./graphs.ts";
import { type CallsBetween, type FunctionItem, type Inspection, Inspector } from "./inspect.ts";
import { MixProject, type Surroundings } from "./mix-project.ts";
import type { Rule } from "./rule.ts";
import { type ProjectSettings, readSettings, type SettingsTexts } from "./settings.ts";

export { BASELINE_FILE } from "./baseline.ts";
export { CONFIG_FILE, NO_CONFIG } from "./config.ts";
export type { Graph, GraphEdge, GraphKind, GraphNode } from "./graphs.ts";
export { GRAPHS } from "./graphs.ts";
export type { CallsBetween, EffectPath, FunctionItem, Inspection, Location } from "./inspect.ts";
export type { Surroundings } from "./mix-project.ts";
export { defaultSettings } from "./settings.ts";
export type { BaselineEntry, Config, ProjectSettings, Rule, RuleSetting, SettingsTexts };
export { formatBaseline };

/** Something that an editor offers at a place. `edits` is computed when it is chosen; null when it cannot be done. */
export interface CodeAction {
  readonly title: string;
  /** `fix` and `suggestion` mend the diagnostic; `suppress` silences it; `fix-all` mends all of its rule in the file. */
  readonly kind: FixKind | "suppress" | "fix-all";
  readonly diagnostic: Diagnostic;
  edits(): WorkspaceEdits | null;
}

/**
 * All that the language server and the command line know of the engine: projects, texts in, diagnostics and actions
 * out. Paths are absolute, with `/` between the parts; offsets are UTF-16 code units.
 */
export class Session {
  private readonly projects = new Map<string, MixProject>();
  /** What is wrong in settings files, by path. */
  private readonly problems = new Map<string, { text: string; diagnostics: readonly Diagnostic[] }>();
  /** Paths whose diagnostics changed without the caller being told so far. */
  private readonly renewed = new Set<string>();

  constructor(private readonly around: Surroundings) {}

  /** All rules, those that are off included. */
  get rules(): readonly Rule[] {
    return this.around.rules;
  }

  /** The rule with that id; otherwise a message that names the nearest. */
  rule(id: string): Rule | string {
    return this.around.rules.find((rule) => rule.id === id) ?? unknownRule(id, this.around.rules);
  }

  /** Adds a project, or gives one new settings: its files are then analysed anew. Files in its folder belong to it. */
  setProject(settings: ProjectSettings): void {
    const before = this.projects.get(settings.root);
    const project = new MixProject(settings, this.around);
    this.projects.set(settings.root, project);
    const inside = [...this.projects.values()].flatMap((other) =>
      other === project
        ? []
        : [...other.files.values()]
            .filter((file) => this.owner(file.path) === project)
            .map((file) => [other, file] as const),
    );
    for (const [other, file] of inside) {
      other.remove(file.path);
      project.update(file.path, file.forms.text, file.diagnostics);
    }
    for (const file of before?.files.values() ?? []) project.update(file.path, file.forms.text, file.diagnostics);
  }

  /**
   * Adds or renews a project by the texts of its settings files. `overrides` stand above what they say.
   * What is wrong in them shows as diagnostics of those files.
   */
  openProject(root: string, texts: SettingsTexts, overrides: ReadonlyMap<string, RuleSetting> = new Map()): void {
    const { settings, problems } = readSettings(root, texts, overrides, this.around.rules);
    for (const path of this.forgetProblems(root)) this.renewed.add(path);
    for (const [path, diagnostics] of problems) {
      this.problems.set(path, {
        text: (path.endsWith(CONFIG_FILE) ? texts.config : texts.baseline) ?? "",
        diagnostics,
      });
      this.renewed.add(path);
    }
    this.setProject(settings);
  }

  /**
   * Takes in many files at once: those that define `use` macros come first, so that the others are read once only.
   * Calls `step` after each with the number of files read.
   */
  async load(
    files: readonly { path: string; text: string }[],
    step: (done: number) => Promise<void> | void,
  ): Promise<void> {
    const first = files.filter((file) => file.text.includes("__using__"));
    const rest = files.filter((file) => !file.text.includes("__using__"));
    const expected = this.around.parser.expect(
      [...first, ...rest].map(({ path, text }) => ({ text, dialect: dialectOfFile(path) })),
    );
    let done = 0;
    try {
      for (const group of [first, rest]) {
        for (const { path, text } of group) {
          expected.next();
          this.update(path, text);
          await step(++done);
        }
        if (group === first) for (const project of this.projects.values()) project.takeAllFacts();
      }
    } finally {
      expected.end();
    }
  }

  /** Forgets a project and its files, settings that had something wrong in them included, and returns their paths. */
  removeProject(root: string): string[] {
    const paths = [...(this.projects.get(root)?.files.keys() ?? []), ...this.forgetProblems(root)];
    this.projects.delete(root);
    return paths;
  }

  /** The roots of the projects, longest first. */
  roots(): string[] {
    return [...this.projects.keys()].sort((a, b) => b.length - a.length);
  }

  /** Takes in the whole text of a file, new or known. A file outside every project is left alone. */
  update(path: string, text: string): void {
    this.owner(path)?.update(path, text);
  }

  /** Takes in edits, each speaking of the text that the one before it left. */
  edit(path: string, edits: readonly TextEdit[]): void {
    this.owner(path)?.edit(path, edits);
  }

  remove(path: string): void {
    this.owner(path)?.remove(path);
  }

  has(path: string): boolean {
    return this.file(path) !== undefined;
  }

  /** The paths of all files, and of settings files that have something wrong in them. */
  paths(): string[] {
    return [...[...this.projects.values()].flatMap((project) => [...project.files.keys()]), ...this.problems.keys()];
  }

  text(path: string): string | null {
    return this.file(path)?.forms.text ?? this.problems.get(path)?.text ?? null;
  }

  /**
   * Brings diagnostics up to date at the cost of the forms that changed, and returns the paths whose diagnostics are
   * new. A form that does not parse just now is silent; `settle` has the last word on such files.
   */
  refresh(): string[] {
    return this.takeRenewed([...this.projects.values()].flatMap((project) => project.refresh(false)));
  }

  /** As `refresh`, and reads files anew where one form's edit was not enough: then all is as in a fresh session. */
  settle(): string[] {
    return this.takeRenewed([...this.projects.values()].flatMap((project) => project.refresh(true)));
  }

  /** True when `settle` has something to do. */
  get outdated(): boolean {
    return [...this.projects.values()].some((project) => project.outdated);
  }

  /** The diagnostics of a file as of the last `refresh` or `settle`, in order. */
  diagnostics(path: string): readonly Diagnostic[] {
    return this.file(path)?.diagnostics ?? this.problems.get(path)?.diagnostics ?? [];
  }

  /** What can be done about the diagnostics that touch the range. */
  actions(path: string, range: Range): CodeAction[] {
    const project = this.owner(path);
    const file = project?.files.get(path);
    if (!project || !file) return [];
    const fixes = new Fixes(project, this.around.parser);
    const out: CodeAction[] = [];
    for (const diagnostic of file.diagnostics.filter((d) => overlaps(d, range))) {
      const offers = fixes.offers(file, diagnostic);
      for (const { title, kind } of offers) {
        out.push({ title, kind, diagnostic, edits: () => fixes.edits(file, diagnostic, title) });
      }
      if (!this.around.rules.some((rule) => rule.id === diagnostic.rule)) continue;
      const alike = file.diagnostics.filter((other) => other.rule === diagnostic.rule);
      if (alike.length > 1 && offers.some((offer) => offer.kind === "fix")) {
        const edits = () => this.fixAll(path, diagnostic.rule);
        out.push({ title: `Fix all \`${diagnostic.rule}\` in this file`, kind: "fix-all", diagnostic, edits });
      }
      out.push(...suppressions(project, file, diagnostic));
    }
    return out;
  }

  /**
   * The edits of all fixes (never of suggestions) in a file, of one rule or of all; where two touch the same text the
   * first one stays. Null when there is nothing to do. Applying them may make room for others: run again.
   */
  fixAll(path: string, rule?: string): WorkspaceEdits | null {
    const project = this.owner(path);
    const file = project?.files.get(path);
    if (!project || !file) return null;
    const fixes = new Fixes(project, this.around.parser);
    let taken: ReadonlyMap<string, readonly TextEdit[]> = new Map();
    for (const diagnostic of file.diagnostics) {
      if (rule !== undefined && diagnostic.rule !== rule) continue;
      const offer = fixes.offers(file, diagnostic).find(({ kind }) => kind === "fix");
      const edits = offer && fixes.edits(file, diagnostic, offer.title);
      const merged = edits && merge(taken, edits);
      if (merged) taken = merged;
    }
    return taken.size > 0 ? taken : null;
  }

  /** What a baseline of the project at `root` would record now. */
  baseline(root: string): BaselineEntry[] {
    const project = this.projects.get(root);
    if (!project) return [];
    return [...project.files.values()].flatMap((file) => file.diagnostics.map((d) => project.baselineEntry(file, d)));
  }

  /** What the call or the function at the offset does, and how it comes to it; null where nothing is known of it. */
  inspect(path: string, offset: number): Inspection | null {
    return this.inspector(path)?.at(path, offset) ?? null;
  }

  /** The functions that the call at the offset may run, or the one whose head stands there. */
  functionsAt(path: string, offset: number): FunctionItem[] {
    return this.inspector(path)?.functionsAt(path, offset) ?? [];
  }

  /** Who calls the function. */
  incomingCalls(item: FunctionItem): CallsBetween[] {
    return this.inspector(item.location.path)?.incoming(item) ?? [];
  }

  /** What the function calls of its project. */
  outgoingCalls(item: FunctionItem): CallsBetween[] {
    return this.inspector(item.location.path)?.outgoing(item) ?? [];
  }

  /** A picture of the project at `root`, or of what concerns one of its modules. */
  graph(root: string, kind: GraphKind, focus: string | null): Graph {
    const project = this.projects.get(root);
    return project ? graphOf(project.project, kind, focus) : { nodes: [], edges: [] };
  }

  hasModule(root: string, name: string): boolean {
    return (this.projects.get(root)?.project.named(name).length ?? 0) > 0;
  }

  /** How often each view of the project at `root` was computed, by name. */
  viewsComputed(root: string): ReadonlyMap<string, number> {
    return this.projects.get(root)?.project.computed ?? new Map();
  }

  /** The paths of the project's own settings files that had problems. */
  private forgetProblems(root: string): string[] {
    return [CONFIG_FILE, BASELINE_FILE].map((name) => `${root}/${name}`).filter((path) => this.problems.delete(path));
  }

  private inspector(path: string): Inspector | null {
    const project = this.owner(path);
    return project ? new Inspector(project) : null;
  }

  private takeRenewed(paths: string[]): string[] {
    const all = [...paths, ...this.renewed];
    this.renewed.clear();
    return all;
  }

  private owner(path: string): MixProject | undefined {
    let best: MixProject | undefined;
    for (const project of this.projects.values()) {
      const { root } = project.settings;
      if (path.startsWith(`${root}/`) && (!best || root.length > best.settings.root.length)) best = project;
    }
    return best;
  }

  private file(path: string): FileState | undefined {
    return this.owner(path)?.files.get(path);
  }
}

/** Both sets of edits, when they can be applied together. */
function merge(a: WorkspaceEdits, b: WorkspaceEdits): WorkspaceEdits | null {
  const out = new Map(a);
  for (const [path, edits] of b) {
    const both = [...(out.get(path) ?? []), ...edits];
    if (!disjoint(both)) return null;
    out.set(path, both);
  }
  return out;
}

function suppressions(project: MixProject, file: FileState, diagnostic: Diagnostic): CodeAction[] {
  const { text, dialect } = file.forms;
  const { rule } = diagnostic;
  const eol = lineEnding(text);
  const top = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const line = Math.max(top, lineStartAt(text, diagnostic.start));
  const indentation = indentationAt(text, diagnostic.start);
  const written = (directive: string): string[] => [
    `# lintel:${directive} ${rule}${eol}`,
    `<%!-- lintel:${directive} ${rule} --%>${eol}`,
    `<%# lintel:${directive} ${rule} %>${eol}`,
  ];
  const action = (what: string, at: number, inserted: string): CodeAction => ({
    title: `Disable \`${rule}\` for this ${what}`,
    kind: "suppress",
    diagnostic,
    edits: () => new Map([[file.path, [{ start: at, end: at, text: inserted }]]]),
  });
  const forLine = written("disable-for-next-line")
    .map((comment) => indentation + comment)
    .find((comment) => project.reader.takesComment(file.forms, line, comment));
  const [elixir = "", heex = "", leex = ""] = written("disable-for-this-file");
  const forFile = action("file", top, dialect === null ? elixir : dialect === "heex" ? heex : leex);
  return forLine === undefined ? [forFile] : [action("line", line, forLine), forFile];
}
