import type { FixOffer, Severity } from "../base/diagnostic.ts";
import type { Anchor, ModuleFacts } from "../facts/facts.ts";
import { Lookup } from "../project/lookup.ts";
import type { ByModule, Project, View } from "../project/project.ts";
import { isTestCode } from "../project/test-code.ts";
import type { Config, RuleOptions } from "./config.ts";
import { classOfModule } from "./file-class.ts";
import type { FileClass, Fix, ModuleRule, ProjectRule, Report, Requirements, RuleMeta, ViewContext } from "./rule.ts";
import type { Crash, Timing } from "./run-forms.ts";

/** A finding of a view rule; places are anchors, so it holds while positions move. */
export interface ViewFinding {
  readonly rule: string;
  readonly at: Anchor;
  readonly severity: Severity | null;
  readonly message: string;
  readonly related: readonly { readonly at: Anchor; readonly message: string }[];
  readonly fixes: readonly FixOffer[];
  readonly tags: readonly ("unnecessary" | "deprecated")[];
}

export interface LiveViewFinding {
  readonly finding: ViewFinding;
  readonly fixes: readonly Fix[];
  readonly requires: Requirements | undefined;
}

/** The outcome of a check: as long as what it looked up holds, so does it. */
interface Kept {
  readonly lookup: Lookup;
  readonly live: readonly LiveViewFinding[];
  readonly crash: Crash | null;
}

/** The outcomes of the rules for a module that asked or found something. Of the others it stays nothing as long as the module does. */
interface KeptOfModule {
  readonly fileClass: FileClass;
  readonly byRule: ReadonlyMap<string, Kept>;
  /** Those that found something, or crashed. */
  readonly found: readonly Kept[];
  /** All that they looked up: mostly all of it holds. */
  readonly all: Lookup;
}

/** Runs view rules over a project and keeps what each found until something that it read changes. */
export class ViewLinter {
  private readonly moduleMemo = new WeakMap<ModuleFacts, KeptOfModule>();
  private readonly byClass = new Map<FileClass, ModuleRule[]>();
  private readonly projectMemo = new Map<string, Kept>();
  private readonly unused = new Map<RuleMeta, Check>();

  constructor(
    private readonly rules: readonly (ModuleRule | ProjectRule)[],
    private readonly project: Project,
    private readonly classOf: (path: string) => FileClass,
    private readonly options: Config["options"],
    private readonly timing: Timing | null,
    private readonly clock: () => number,
  ) {}

  /** All findings of the project. A rule that throws in a module is off for that module's file. */
  run(): { live: LiveViewFinding[]; crashes: (Crash & { path: string | null })[] } {
    const live: LiveViewFinding[] = [];
    const crashes: (Crash & { path: string | null })[] = [];
    const take = (kept: Kept, path: string | null): void => {
      for (const entry of kept.live) live.push(entry);
      if (kept.crash) crashes.push({ ...kept.crash, path });
    };
    for (const rule of this.rules) {
      if (rule.kind !== "project") continue;
      const kept = this.timed(rule, () => this.checkProject(rule));
      if (!kept) continue;
      const inScope = ({ finding }: LiveViewFinding): boolean =>
        (rule.files ?? CODE).includes(this.classOf(finding.at.path));
      take({ ...kept, live: kept.live.filter(inScope) }, null);
    }
    for (const module of this.project.modules())
      for (const kept of this.checkModule(module).found) take(kept, module.path);
    const isOff = ({ finding }: LiveViewFinding): boolean =>
      crashes.some((crash) => crash.rule === finding.rule && crash.path === finding.at.path);
    return { live: crashes.length > 0 ? live.filter((entry) => !isOff(entry)) : live, crashes };
  }

  private timed<T>(rule: ModuleRule | ProjectRule, run: () => T): T {
    if (!this.timing) return run();
    const before = this.clock();
    const result = run();
    this.timing.set(rule.id, (this.timing.get(rule.id) ?? 0) + this.clock() - before);
    return result;
  }

  /** The rules that look at modules of that class. */
  private rulesFor(fileClass: FileClass): readonly ModuleRule[] {
    let rules = this.byClass.get(fileClass);
    if (!rules) {
      rules = this.rules.filter(
        (rule): rule is ModuleRule => rule.kind === "module" && (rule.files ?? CODE).includes(fileClass),
      );
      this.byClass.set(fileClass, rules);
    }
    return rules;
  }

  private checkModule(module: ModuleFacts): KeptOfModule {
    const known = this.moduleMemo.get(module);
    if (known?.all.holds) return known;
    const byRule = new Map<string, Kept>();
    const all = new Lookup(this.project);
    const fileClass = classInProject(all, module);
    const before = known?.fileClass === fileClass ? known : undefined;
    for (const rule of this.rulesFor(fileClass)) {
      const last = before?.byRule.get(rule.id);
      if (before && !last) continue;
      const kept = last?.lookup.holds ? last : this.timed(rule, () => this.check(rule, (cx) => rule.check(module, cx)));
      if (!kept) continue;
      byRule.set(rule.id, kept);
      all.add(kept.lookup);
    }
    const found = [...byRule.values()].filter(({ live, crash }) => live.length > 0 || crash !== null);
    const now = { fileClass, byRule, found, all };
    this.moduleMemo.set(module, now);
    return now;
  }

  private checkProject(rule: ProjectRule): Kept | null {
    const known = this.projectMemo.get(rule.id);
    if (known?.lookup.holds) return known;
    const kept = this.check(rule, (cx) => rule.check(cx));
    if (kept) this.projectMemo.set(rule.id, kept);
    return kept;
  }

  /** Null where the rule asked nothing and found nothing, as mostly: one context does for all such checks. */
  private check(rule: RuleMeta, run: (cx: ViewContext) => void): Kept | null {
    const cx = this.unused.get(rule) ?? new Check(this.project, rule, this.options.get(rule.id));
    let crash: Crash | null = null;
    try {
      run(cx);
    } catch (error) {
      crash = { rule: rule.id, error };
    }
    const kept = cx.kept(crash);
    if (kept) this.unused.delete(rule);
    else this.unused.set(rule, cx);
    return kept;
  }
}

/** The class of a module by what it says itself, and by who calls it. */
function classInProject(facts: Lookup, module: ModuleFacts): FileClass {
  const own = classOfModule(module.fileClass, module.name, module.uses);
  return own === "code" && isTestCode(facts, module) ? "test" : own;
}

const NOTHING: readonly never[] = [];

/** One run of a rule: takes note of all that it reads, and of what it finds. Most read little and find nothing. */
class Check implements ViewContext {
  private readonly lookup: Lookup;
  private live: LiveViewFinding[] | null = null;

  constructor(
    project: Project,
    private readonly rule: RuleMeta,
    private readonly options: RuleOptions | undefined,
  ) {
    this.lookup = new Lookup(project);
  }

  read<T>(view: View<T>): T {
    return this.lookup.read(view);
  }

  about<T>(view: View<ByModule<T>>, module: ModuleFacts): T {
    return this.lookup.about(view, module);
  }

  named(name: string): readonly ModuleFacts[] {
    return this.lookup.named(name);
  }

  option(name: string): number {
    const option = this.rule.options?.[name];
    if (!option) throw new Error(`${this.rule.id} has no option ${name}`);
    return this.options?.[name] ?? option.default;
  }

  report(at: Anchor, message: string, report: Report<Anchor> = {}): void {
    this.live ??= [];
    this.live.push(liveFinding(this.rule.id, at, message, report));
  }

  kept(crash: Crash | null): Kept | null {
    const { lookup, live } = this;
    if (lookup.isEmpty && !live && !crash) return null;
    return { lookup, live: crash ? NOTHING : (live ?? NOTHING), crash };
  }
}

const CODE: readonly FileClass[] = ["code"];

function liveFinding(rule: string, at: Anchor, message: string, report: Report<Anchor>): LiveViewFinding {
  const fixes = report.fixes ?? [];
  return {
    finding: {
      rule,
      at,
      severity: report.severity ?? null,
      message,
      related: report.related ?? [],
      fixes: fixes.map(({ title, kind }) => ({ title, kind })),
      tags: report.tags ?? [],
    },
    fixes,
    requires: report.requires,
  };
}
