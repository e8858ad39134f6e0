import type { FixOffer, Severity } from "../base/diagnostic.ts";
import type { Anchor, ModuleFacts } from "../facts/facts.ts";
import type { ByModule, Project, View } from "../project/project.ts";
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

/** What a check read: when all of it is the same, so is its outcome. */
interface Reads {
  readonly reads: readonly (readonly [View<unknown>, unknown])[];
  readonly answers: readonly (readonly [View<ByModule<unknown>>, ModuleFacts, unknown])[];
  readonly names: readonly (readonly [string, readonly ModuleFacts[]])[];
}

interface Kept extends Reads {
  readonly live: readonly LiveViewFinding[];
  readonly crash: Crash | null;
}

/** The outcomes of all rules for a module but those that are unmoved, and together what they read: mostly all of it is the same. */
interface KeptOfModule {
  readonly byRule: ReadonlyMap<string, Kept>;
  /** Those that found something, or crashed. */
  readonly telling: readonly Kept[];
  readonly all: Reads;
}

/** Runs view rules over a project and keeps what each found until something that it read changes. */
export class ViewLinter {
  private readonly moduleMemo = new WeakMap<ModuleFacts, KeptOfModule>();
  private readonly byClass = new Map<FileClass, ModuleRule[]>();
  private readonly projectMemo = new Map<string, Kept>();

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
      const inScope = ({ finding }: LiveViewFinding): boolean =>
        (rule.files ?? CODE).includes(this.classOf(finding.at.path));
      take({ ...kept, live: kept.live.filter(inScope) }, null);
    }
    for (const module of this.project.modules())
      for (const kept of this.checkModule(module).telling) take(kept, module.path);
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
    const before = this.moduleMemo.get(module);
    if (before && this.holds(before.all)) return before;
    const byRule = new Map<string, Kept>();
    for (const rule of this.rulesFor(classOfModule(module.fileClass, module.name, module.uses))) {
      const kept = before && (before.byRule.get(rule.id) ?? UNMOVED);
      const now =
        kept && this.holds(kept) ? kept : this.timed(rule, () => this.check(rule, (cx) => rule.check(module, cx)));
      if (now !== UNMOVED) byRule.set(rule.id, now);
    }
    const all = [...byRule.values()];
    const telling = all.filter(({ live, crash }) => live.length > 0 || crash !== null);
    const now = { byRule, telling, all: together(all) };
    this.moduleMemo.set(module, now);
    return now;
  }

  private checkProject(rule: ProjectRule): Kept {
    const kept = this.projectMemo.get(rule.id);
    // A project rule that reads no view could not have seen anything.
    if (kept && kept.reads.length + kept.answers.length > 0 && this.holds(kept)) return kept;
    const fresh = this.check(rule, (cx) => rule.check(cx));
    this.projectMemo.set(rule.id, fresh);
    return fresh;
  }

  private holds(kept: Reads): boolean {
    return (
      kept.reads.every(([view, value]) => this.project.read(view) === value) &&
      kept.answers.every(([view, module, answer]) => this.project.read(view).of(module) === answer) &&
      kept.names.every(([name, found]) => sameModules(this.project.named(name), found))
    );
  }

  private check(rule: RuleMeta, run: (cx: ViewContext) => void): Kept {
    const cx = new Check(this.project, rule, this.options.get(rule.id));
    try {
      run(cx);
      return cx.kept(null);
    } catch (error) {
      return cx.kept({ rule: rule.id, error });
    }
  }
}

const NOTHING: readonly never[] = [];
/** The outcome of a check that read nothing and found nothing, as most of a module: it stays so as long as the module does. */
const UNMOVED: Kept = { reads: NOTHING, answers: NOTHING, names: NOTHING, live: NOTHING, crash: null };

/** One run of a rule: takes note of all that it reads, and of what it finds. Most read little and find nothing. */
class Check implements ViewContext {
  private reads: [View<unknown>, unknown][] | null = null;
  private answers: [View<ByModule<unknown>>, ModuleFacts, unknown][] | null = null;
  private names: [string, readonly ModuleFacts[]][] | null = null;
  private live: LiveViewFinding[] | null = null;

  constructor(
    private readonly project: Project,
    private readonly rule: RuleMeta,
    private readonly options: RuleOptions | undefined,
  ) {}

  read<T>(view: View<T>): T {
    const value = this.project.read(view);
    this.reads ??= [];
    this.reads.push([view as View<unknown>, value]);
    return value;
  }

  about<T>(view: View<ByModule<T>>, module: ModuleFacts): T {
    const answer = this.project.read(view).of(module);
    this.answers ??= [];
    this.answers.push([view, module, answer]);
    return answer;
  }

  named(name: string): readonly ModuleFacts[] {
    const found = this.project.named(name);
    this.names ??= [];
    this.names.push([name, found]);
    return found;
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

  kept(crash: Crash | null): Kept {
    const { reads, answers, names, live } = this;
    if (!reads && !answers && !names && !live && !crash) return UNMOVED;
    return {
      reads: reads ?? NOTHING,
      answers: answers ?? NOTHING,
      names: names ?? NOTHING,
      live: crash ? NOTHING : (live ?? NOTHING),
      crash,
    };
  }
}

const CODE: readonly FileClass[] = ["code"];

/** All that several checks read, each once. */
function together(kept: readonly Kept[]): Reads {
  const reads = new Map(kept.flatMap((one) => one.reads));
  const names = new Map(kept.flatMap((one) => one.names));
  const answers: Reads["answers"][number][] = [];
  for (const one of kept)
    for (const answer of one.answers)
      if (!answers.some(([view, module]) => view === answer[0] && module === answer[1])) answers.push(answer);
  return { reads: [...reads], answers, names: [...names] };
}

function sameModules(a: readonly ModuleFacts[], b: readonly ModuleFacts[]): boolean {
  return a === b || (a.length === b.length && a.every((module, i) => module === b[i]));
}

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
