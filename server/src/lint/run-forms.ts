import type { FixOffer, Severity } from "../base/diagnostic.ts";
import type { Range } from "../base/range.ts";
import type { Call, Node } from "../syntax/ast.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { eachChild } from "../syntax/visit.ts";
import { classOfModule } from "./file-class.ts";
import type { FileClass, Fix, FormContext, FormRule, Report, Requirements } from "./rule.ts";

/** A finding in a form; ranges are relative to it. */
export interface FormFinding extends Range {
  readonly rule: string;
  readonly severity: Severity | null;
  readonly message: string;
  readonly related: readonly (Range & { readonly message: string })[];
  readonly fixes: readonly FixOffer[];
  readonly tags: readonly ("unnecessary" | "deprecated")[];
}

/** A finding with the closures that make its edits. */
export interface LiveFinding {
  readonly finding: FormFinding;
  readonly fixes: readonly Fix[];
  readonly requires: Requirements | undefined;
}

export interface Crash {
  readonly rule: string;
  readonly error: unknown;
}

/** Milliseconds spent per rule, filled when asked for. */
export type Timing = Map<string, number>;

/** Runs form rules over forms: one walk, each node handed to the rules that ask for it. */
export class FormLinter {
  private readonly byType = new Map<Node["type"], FormRule[]>();
  private readonly byCallee = new Map<string, FormRule[]>();
  /** The classes of files that any rule looks at. */
  private readonly classes: ReadonlySet<FileClass>;

  /** @param clock milliseconds, for `timing`; without one nothing is measured */
  constructor(
    rules: readonly FormRule[],
    private readonly timing: Timing | null,
    private readonly clock: () => number,
  ) {
    this.classes = new Set(rules.flatMap((rule) => rule.files ?? CODE));
    for (const rule of rules) {
      for (const type of rule.query.types) push(this.byType, type, rule);
      for (const callee of rule.query.callees) push(this.byCallee, callee, rule);
    }
  }

  /** All findings in a form. A rule that throws is named in `crashes`. */
  run(form: FormSyntax): { live: LiveFinding[]; crashes: Crash[] } {
    const fileClass = classOfModule(form.env.fileClass, form.env.module, form.env.uses);
    const live: LiveFinding[] = [];
    const crashes: Crash[] = [];
    if (!this.classes.has(fileClass)) return { live, crashes };
    const check = (rule: FormRule, node: Node): void => {
      if (!(rule.files ?? CODE).includes(fileClass) || crashes.some((crash) => crash.rule === rule.id)) return;
      const before = this.timing ? this.clock() : 0;
      try {
        rule.check(node, new Context(form, rule, live));
      } catch (error) {
        crashes.push({ rule: rule.id, error });
      }
      if (this.timing) this.timing.set(rule.id, (this.timing.get(rule.id) ?? 0) + this.clock() - before);
    };
    const walk = (node: Node): void => {
      const typed = this.byType.get(node.type);
      if (typed) for (const rule of typed) check(rule, node);
      if (node.type === "call") for (const rule of this.rulesFor(node)) check(rule, node);
      eachChild(node, walk);
    };
    walk(form.ast);
    return { live: live.filter(({ finding }) => crashes.every((crash) => crash.rule !== finding.rule)), crashes };
  }

  private rulesFor(call: Call): readonly FormRule[] {
    if (call.name === "") return NONE;
    const exact = this.byCallee.get(call.module === null ? call.name : `${call.module}.${call.name}`);
    const any = this.byCallee.get(`*.${call.name}`);
    return exact && any ? [...exact, ...any] : (exact ?? any ?? NONE);
  }
}

const CODE: readonly FileClass[] = ["code"];
const NONE: readonly FormRule[] = [];

function push<K>(map: Map<K, FormRule[]>, key: K, rule: FormRule): void {
  const list = map.get(key);
  if (list) list.push(rule);
  else map.set(key, [rule]);
}

class Context implements FormContext {
  readonly env;
  readonly form;

  constructor(
    private readonly syntax: FormSyntax,
    private readonly rule: FormRule,
    private readonly into: LiveFinding[],
  ) {
    this.env = syntax.env;
    this.form = syntax.ast;
  }

  text(node: Range): string {
    return this.syntax.text.slice(node.start, node.end);
  }

  report(at: Range, message: string, report: Report<Range> = {}): void {
    const fixes = report.fixes ?? [];
    this.into.push({
      finding: {
        rule: this.rule.id,
        severity: report.severity ?? null,
        start: at.start,
        end: at.end,
        message,
        related: (report.related ?? []).map(({ at, message }) => ({ start: at.start, end: at.end, message })),
        fixes: fixes.map(({ title, kind }) => ({ title, kind })),
        tags: report.tags ?? [],
      },
      fixes,
      requires: report.requires,
    });
  }
}
