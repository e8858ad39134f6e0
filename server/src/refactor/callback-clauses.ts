import type { Edit, FormSource } from "../lint/rule.ts";
import type { Block, Def, Node } from "../syntax/ast.ts";
import { attributeOf, type DefForm, defsOf } from "./module-forms.ts";

/** The clauses of a function in the module of the form. */
export function clausesIn(source: FormSource, name: string, arity: number): DefForm[] {
  return defsOf(source.siblings()).filter(({ def }) => def.name === name && def.params.length === arity);
}

/** How the body of a clause without a guard and sections is written: as a block or after `do:`; null for any other clause. */
export function bodyOf(source: FormSource, def: Def): { readonly block: Block; readonly inline: boolean } | null {
  const { body, params, name } = def;
  const first = body?.statements[0];
  if (!body || !first || name === null || def.guard || def.sections.length > 0) return null;
  const head = source.between(params.at(-1)?.end ?? def.nameStart + name.length, first.start);
  return { block: body, inline: !/\bdo\s*$/.test(head.replace(/#[^\n]*/g, "")) };
}

/** The statement of the block that the diagnostic is in. */
export function statementAt(source: FormSource, block: Block): Node | null {
  return block.statements.find(({ start, end }) => start <= source.at.start && source.at.end <= end) ?? null;
}

/**
 * Puts clauses of a callback after those that are there, or, as the first ones, after all clauses of the form's function:
 * with `@impl` where the module writes it. The texts are written for the column of the form.
 */
export function addClauses(source: FormSource, name: string, arity: number, texts: readonly string[]): Edit | null {
  const { ast } = source;
  if (ast.type !== "def" || ast.name === null) return null;
  const indent = source.indentation(ast);
  const last = clausesIn(source, name, arity).at(-1);
  const after = (last ?? clausesIn(source, ast.name, ast.params.length).at(-1))?.source;
  if (!after) return null;
  const mark = source.siblings().find((form) => attributeOf(form) === "impl");
  const first = last || !mark ? "" : `${mark.text(mark.ast)}\n${indent}`;
  return after.insertAfter(after.ast, `\n\n${indent}${first}${texts.join(`\n\n${indent}`)}`);
}
