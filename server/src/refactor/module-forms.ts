import type { Edit, FormSource } from "../lint/rule.ts";
import type { Def, Node } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";

/** A function clause with the form that holds it. */
export interface DefForm {
  readonly source: FormSource;
  readonly def: Def;
}

/** The function clauses among the forms. */
export function defsOf(forms: readonly FormSource[]): DefForm[] {
  return forms.flatMap((source) => (source.ast.type === "def" ? [{ source, def: source.ast }] : []));
}

/** True when the form is `use module` or `@behaviour module`. */
export function bringsBehaviour({ ast }: FormSource, module: string): boolean {
  if (ast.type === "attribute-set") return ast.name === "behaviour" && isModule(ast.value, module);
  return ast.type === "call" && ast.module === null && ast.name === "use" && isModule(ast.args[0], module);
}

function isModule(node: Node | null | undefined, module: string): boolean {
  return node?.type === "alias" && node.module === module;
}

/** True when a function of the module is called somewhere in the node. */
export function callsModule(node: Node, module: string): boolean {
  return find(node, (n) => (n.type === "call" || n.type === "function-reference") && n.module === module) !== null;
}

/** Attributes that belong to the function after them. */
const OF_FUNCTION = new Set(["doc", "spec", "impl", "since", "deprecated", "dialyzer"]);

/** The name of the attribute that the form sets, read off its text: types and documentation have no syntax. */
export function attributeOf(form: FormSource): string | null {
  return /^@(\w+)/.exec(form.text(form.ast))?.[1] ?? null;
}

/** The forms with what documents them: `@doc`, `@spec`, `@impl` in front of a function go where it goes. */
export function withAttributes(forms: readonly FormSource[], chosen: ReadonlySet<FormSource>): Set<FormSource> {
  const out = new Set(chosen);
  let taken = false;
  for (const form of forms.toReversed()) {
    if (!OF_FUNCTION.has(attributeOf(form) ?? "")) taken = chosen.has(form) && form.ast.type === "def";
    else if (taken) out.add(form);
  }
  return out;
}

/** Where a form begins in its file. */
export function startOf(form: FormSource): number {
  return form.replace({ start: 0, end: 0 }, "").start;
}

/** Removes forms of a module, each run of them with its comments and the blank lines that it leaves behind. */
export function removeForms(forms: readonly FormSource[], chosen: ReadonlySet<FormSource>): Edit[] {
  const runs: FormSource[][] = [];
  forms.forEach((form, i) => {
    if (!chosen.has(form)) return;
    const run = runs.at(-1);
    const last = run?.at(-1);
    const joins =
      last !== undefined &&
      last === forms[i - 1] &&
      onlyComments(last.between(last.ast.end, startOf(form) - startOf(last)));
    if (run && joins) run.push(form);
    else runs.push([form]);
  });
  return runs.flatMap((run) => {
    const first = run[0];
    const last = run.at(-1);
    return first && last ? [removeRun(first, last, last === forms.at(-1))] : [];
  });
}

function removeRun(first: FormSource, last: FormSource, atEnd: boolean): Edit {
  const from = first.removeLines(first.ast).start;
  const to = last.removeLines(last.ast).end;
  const base = startOf(first);
  const before = first.between(Math.max(-base, from - base - LOOK_AROUND), from - base);
  const after = first.between(to - base, to - base + LOOK_AROUND);
  const above = (atEnd ? ALL_ABOVE : ABOVE).exec(before)?.[0] ?? "";
  const blankAbove = /^(?:[ \t]*\r?\n)*/.exec(above)?.[0] ?? "";
  const blankBelow = /^(?:[ \t]*\r?\n)*/.exec(after)?.[0] ?? "";
  // One blank line is to stay between the neighbours, none at either end of the module.
  const separates = blankAbove !== "" && blankBelow === "" && !atEnd;
  const start = from - above.length + (separates ? blankAbove.length : 0);
  const below = blankAbove === "" && !atEnd ? blankBelow.length : 0;
  return { path: first.path, start, end: to + below, text: "" };
}

const LOOK_AROUND = 2000;
/** Comments just above, and a heading such as `# Server` over them, with the blank lines before. */
const ABOVE =
  /(?:(?<=\n)[ \t]*\r?\n)*(?:(?<=\n)[ \t]*#[^\n]*\b(?:client|server|callbacks?|api|genserver)\b[^\n]*\n(?:[ \t]*\r?\n)*)?(?:(?<=\n)[ \t]*#[^\n]*\n)*$/i;
/** Where nothing follows, no comment has anything left to speak of. */
const ALL_ABOVE = /(?:(?<=\n)[ \t]*(?:#[^\n]*)?\r?\n)+$/;

function onlyComments(text: string): boolean {
  return /^(?:\s|#[^\n]*(?:\n|$))*$/.test(text);
}

/** How a function's body is written: `do:` or a block, and where the head ends; null for what is not plain. */
export function headOf({ source, def }: DefForm): { readonly end: number; readonly inline: boolean } | null {
  const first = def.body?.statements[0];
  if (!first || def.name === null || def.guard || def.sections.length > 0) return null;
  const from = def.params.at(-1)?.end ?? def.nameStart + def.name.length;
  const match = /^(\s*,?\s*\)|\(\s*\)|)(\s*,\s*do:|\s+do)\s*$/.exec(source.between(from, first.start));
  return match ? { end: from + (match[1] ?? "").length, inline: (match[2] ?? "").endsWith(":") } : null;
}
