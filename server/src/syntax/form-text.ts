import type { Prune } from "./parser.ts";

const CONTAINER = /^def(?:module|protocol|impl)\b/;
/** May hold modules, which the outline then looks for below it. */
const CONDITIONAL = /^(?:if|unless)\b/;

/** Types and documentation: no rule reads them, and they are not worth lowering. */
const SPECIFICATION = /^@(?:spec|type|typep|opaque|macrocallback|typedoc|doc)\b/;

/** What is not looked into: types and documentation. */
export function isOpaque(form: string): boolean {
  return SPECIFICATION.test(form);
}

/**
 * True for what a test file has beside definitions and what sets names up: tests and their setups. Of them only what they
 * call is a fact, and no rule walks them: they are half of many a project.
 */
export function isTestBody(form: string): boolean {
  return !/^(?:def\w*|use|alias|import|require|schema|embedded_schema|if|unless)\b|^@/.test(form);
}

/** What of the file's tree is not wanted: forms that nothing looks into, and those whose text is known. */
export function pruneOf(text: string, known: ReadonlySet<string>): Prune {
  return {
    isContainer: (start) => CONTAINER.test(text.slice(start, start + 12)),
    isKnown: (start, end) => {
      const form = text.slice(start, end);
      return !CONDITIONAL.test(form) && (isOpaque(form) || known.has(form));
    },
  };
}
