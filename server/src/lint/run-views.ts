import type { FixOffer, Severity } from "../base/diagnostic.ts";
import type { Anchor, ModuleFacts } from "../facts/facts.ts";
import type { ByModule, Project, View } from "../project/project.ts";
import { classOfModule } from "./file-class.ts";
import type { FileClass, Fix, ModuleRule, ProjectRule, Report, ViewContext } from "./rule.ts";
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
}

/** What a check read: when all of it is the same, so is its outcome. */
interface Kept {
  readonly reads: readonly (readonly [View<unknown>, unknown])[];
  readonly answers: readonly (readonly [View<ByModule<unknown>>, ModuleFacts, unknown])[];
  readonly names: readonly (readonly [string, readonly ModuleFacts[]])[];
  readonly live: readonly LiveViewFinding[];
  readonly crash: Crash | null;
}

/** Runs view rules over a project and keeps what each found until something that it read changes. */
export class ViewLinter {
  private readonly moduleMemo = new Map<string, WeakMap<ModuleFacts, Kept>>();
  private readonly classes = new WeakMap<ModuleFacts, FileClass>();
  private readonly projectMemo = new Map<string, Kept>();

  constructor(
    private readonly rules: readonly (ModuleRule | ProjectRule)[],
    private readonly project: Project,
    private readonly classOf: (path: string) => FileClass,
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
      const before = this.timing ? this.clock() : 0;
      if (rule.kind === "project") {
        const kept = this.checkProject(rule);
        const inScope = ({ finding }: LiveViewFinding): boolean =>
          (rule.files ?? CODE).includes(this.classOf(finding.at.path));
        take({ ...kept, live: kept.live.filter(inScope) }, null);
      } else
        for (const module of this.project.modules())
          if (this.looksAt(rule, module)) take(this.checkModule(rule, module), module.path);
      if (this.timing) this.timing.set(rule.id, (this.timing.get(rule.id) ?? 0) + this.clock() - before);
    }
    const isOff = ({ finding }: LiveViewFinding): boolean =>
      crashes.some((crash) => crash.rule === finding.rule && crash.path === finding.at.path);
    return { live: crashes.length > 0 ? live.filter((entry) => !isOff(entry)) : live, crashes };
  }

  private looksAt(rule: ModuleRule, module: ModuleFacts): boolean {
    let fileClass = this.classes.get(module);
    if (!fileClass) {
      fileClass = classOfModule(module.fileClass, module.name, module.uses);
      this.classes.set(module, fileClass);
    }
    return (rule.files ?? CODE).includes(fileClass);
  }

  private checkModule(rule: ModuleRule, module: ModuleFacts): Kept {
    let memo = this.moduleMemo.get(rule.id);
    if (!memo) {
      memo = new WeakMap();
      this.moduleMemo.set(rule.id, memo);
    }
    const kept = memo.get(module);
    if (kept && this.holds(kept)) return kept;
    const fresh = this.check(rule.id, (cx) => rule.check(module, cx));
    memo.set(module, fresh);
    return fresh;
  }

  private checkProject(rule: ProjectRule): Kept {
    const kept = this.projectMemo.get(rule.id);
    // A project rule that reads no view could not have seen anything.
    if (kept && kept.reads.length + kept.answers.length > 0 && this.holds(kept)) return kept;
    const fresh = this.check(rule.id, (cx) => rule.check(cx));
    this.projectMemo.set(rule.id, fresh);
    return fresh;
  }

  private holds(kept: Kept): boolean {
    return (
      kept.reads.every(([view, value]) => this.project.read(view) === value) &&
      kept.answers.every(([view, module, answer]) => this.project.read(view).of(module) === answer) &&
      kept.names.every(([name, found]) => sameModules(this.project.named(name), found))
    );
  }

  private check(rule: string, run: (cx: ViewContext) => void): Kept {
    const reads: [View<unknown>, unknown][] = [];
    const answers: [View<ByModule<unknown>>, ModuleFacts, unknown][] = [];
    const names: [string, readonly ModuleFacts[]][] = [];
    const live: LiveViewFinding[] = [];
    const cx: ViewContext = {
      read: (view) => {
        const value = this.project.read(view);
        reads.push([view as View<unknown>, value]);
        return value;
      },
      about: (view, module) => {
        const answer = this.project.read(view).of(module);
        answers.push([view, module, answer]);
        return answer;
      },
      named: (name) => {
        const found = this.project.named(name);
        names.push([name, found]);
        return found;
      },
      report: (at, message, report = {}) => live.push(liveFinding(rule, at, message, report)),
    };
    try {
      run(cx);
      return { reads, answers, names, live, crash: null };
    } catch (error) {
      return { reads, answers, names, live: [], crash: { rule, error } };
    }
  }
}

const CODE: readonly FileClass[] = ["code"];

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
  };
}
