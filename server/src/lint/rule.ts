import type { FixKind, Severity } from "../base/diagnostic.ts";
import type { FileClass } from "../base/file-class.ts";
import type { Range } from "../base/range.ts";
import type { Anchor, ModuleFacts, Ordinal } from "../facts/facts.ts";
import type { ByModule, View } from "../project/project.ts";
import type { Call, Node, NodeOf } from "../syntax/ast.ts";
import type { Env } from "../syntax/env.ts";

/** The whole rule API. A rule is a value made by `formRule`, `moduleRule` or `projectRule`. */

export type Category = "correctness" | "performance" | "reliability" | "security" | "design";

export type { Anchor, FileClass };

/**
 * The least version of libraries, by name: `{ phoenix_live_view: "0.20.0" }`, or the first that is too new:
 * `{ ecto: "<3.13.0" }`; `elixir` stands for the language. Unknown versions count as the newest; `{ ecto: ">=3.13.0" }` wants it known.
 */
export type Requirements = Readonly<Record<string, string>>;

export interface RuleMeta {
  /** `domain/name`, which is also its path. */
  readonly id: string;
  readonly category: Category;
  readonly severity: Severity;
  /** The version of Lintel that brought it. */
  readonly since: string;
  /** One sentence: what is wrong, and what comes of it. */
  readonly summary: string;
  /** `off` for what depends on intent or on data sizes. */
  readonly default?: "on" | "off";
  readonly files?: readonly FileClass[];
  readonly requires?: Requirements;
  /** Numbers that a project may set, by name; a view rule asks for them with `cx.option(name)`. */
  readonly options?: Readonly<Record<string, RuleOption>>;
}

/** A whole number in a rule that is a matter of taste or size. */
export interface RuleOption {
  readonly description: string;
  readonly default: number;
  readonly minimum: number;
}

/** An edit of a file, offsets being those of its whole text. */
export interface Edit extends Range {
  readonly path: string;
  readonly text: string;
}

/** The edit that makes a file which is not there yet. */
export function newFile(path: string, text: string): Edit {
  return { path, start: 0, end: 0, text };
}

/** A form in its file, for fixes: the only place where edits are made. */
export interface FormSource {
  readonly path: string;
  readonly ast: Node;
  readonly env: Env;
  /** The range that the diagnostic covers, relative to the form, as the nodes' offsets are. */
  readonly at: Range;
  /** The source of a node of this form. */
  text(node: Range): string;
  /** The node of this form that covers exactly the range, or null. */
  node(range: Range): Node | null;
  /** The white space that begins the line of the node. */
  indentation(node: Range): string;
  replace(node: Range, text: string): Edit;
  insertBefore(node: Range, text: string): Edit;
  insertAfter(node: Range, text: string): Edit;
  /** Takes away whole lines, from that on which the node begins to that on which it ends. */
  removeLines(node: Range): Edit;
  /** Everything between two offsets of the form. */
  between(start: number, end: number): string;
  /** The forms of the module, this one among them, in source order. */
  siblings(): readonly FormSource[];
  /** The form at another place of the project, such as one that the report names as related; null while it does not parse. */
  elsewhere(at: Anchor): FormSource | null;
}

/** A way out that a diagnostic offers. `edits` is called when somebody asks for it; null takes the offer back. */
export interface Fix {
  readonly title: string;
  readonly kind: FixKind;
  readonly requires?: Requirements;
  edits(source: FormSource): readonly Edit[] | null;
}

/** `fix` keeps the meaning: it may be applied unattended. */
export function fix(title: string, edits: Fix["edits"], requires: Requirements = {}): Fix {
  return { title, kind: "fix", edits, requires };
}

/** A `suggestion` needs a human eye: it is offered by the light bulb only. */
export function suggest(title: string, edits: Fix["edits"], requires: Requirements = {}): Fix {
  return { title, kind: "suggestion", edits, requires };
}

export interface Report<Place> {
  readonly related?: readonly { readonly at: Place; readonly message: string }[];
  readonly fixes?: readonly Fix[];
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
  /** Where the evidence is weaker or stronger than usual. */
  readonly severity?: Severity;
  /** Where it holds for newer libraries only than the rule as a whole. */
  readonly requires?: Requirements;
}

/** What a form rule sees: the syntax of one form, nothing of the project. */
export interface FormContext {
  readonly env: Env;
  readonly form: Node;
  text(node: Range): string;
  report(at: Range, message: string, report?: Report<Range>): void;
}

/** Which nodes a form rule is called for. */
export interface Query<N extends Node> {
  /** `"Module.name"`, `"name"` for local functions and Kernel's, `"*.name"` whatever the module. */
  readonly callees: readonly string[];
  readonly types: readonly Node["type"][];
  /** Only for the type of the nodes. */
  readonly node?: N;
}

/** Calls of the named functions, after aliases, imports, pipes and captures are resolved. */
export function calls(...callees: readonly string[]): Query<Call> {
  return { callees, types: [] };
}

/** Nodes of the types. */
export function nodes<T extends Node["type"]>(...types: readonly T[]): Query<NodeOf<T>> {
  return { callees: [], types };
}

export interface FormRule extends RuleMeta {
  readonly kind: "form";
  readonly query: Query<Node>;
  check(node: Node, cx: FormContext): void;
  /** Finds the same over several functions, which no form shows: a check of a module, as a view rule's. */
  readonly across?: ModuleRule["check"];
}

/** A rule that sees the syntax of one form. */
export function formRule<N extends Node>(
  rule: Omit<FormRule, "kind" | "query" | "check"> & {
    readonly query: Query<N>;
    check(node: N, cx: FormContext): void;
  },
): FormRule {
  // The engine calls `check` for nodes that the query selects, and for no other.
  return { ...rule, kind: "form", check: (node, cx) => rule.check(node as N, cx) };
}

/** What a view rule sees: facts and views of them, never a tree. */
export interface ViewContext {
  read<T>(view: View<T>): T;
  /**
   * What a view by module says of one: the rule is run again only when the answer for that module is another one, not
   * whenever the view is.
   */
  about<T>(view: View<ByModule<T>>, module: ModuleFacts): T;
  /** The modules of that name. */
  named(name: string): readonly ModuleFacts[];
  /** The value of an option of this rule. @throws Error when the rule declares none of that name. */
  option(name: string): number;
  /** Reports at a place of a file; `anchor` makes one. */
  report(at: Anchor, message: string, report?: Report<Anchor>): void;
}

/** A place in a module: `owner` is the clause or schema whose fact has the ordinal. */
export function anchor(module: { readonly path: string }, owner: { readonly form: number }, at: Ordinal): Anchor {
  return { path: module.path, form: owner.form, at };
}

export interface ModuleRule extends RuleMeta {
  readonly kind: "module";
  check(module: ModuleFacts, cx: ViewContext): void;
}

/** A rule that sees the facts of one module, and views. */
export function moduleRule(rule: Omit<ModuleRule, "kind">): ModuleRule {
  return { ...rule, kind: "module" };
}

export interface ProjectRule extends RuleMeta {
  readonly kind: "project";
  check(cx: ViewContext): void;
}

/** A rule that sees views of the whole project. */
export function projectRule(rule: Omit<ProjectRule, "kind">): ProjectRule {
  return { ...rule, kind: "project" };
}

/** What a rule does on facts and views: itself, or what a form rule finds over several functions. */
export function viewRulesOf(rule: FormRule | ModuleRule | ProjectRule): readonly (ModuleRule | ProjectRule)[] {
  if (rule.kind !== "form") return [rule];
  return rule.across ? [{ ...rule, kind: "module", check: rule.across }] : [];
}

/** A rule and its page, as `main` hands it to the engine. */
export type Rule = (FormRule | ModuleRule | ProjectRule) & { readonly documentation: string };
