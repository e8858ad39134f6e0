import { shortName } from "../base/module-name.ts";
import type { ImportedModule, Use } from "../base/use.ts";
import type { Call, Def, Node } from "../syntax/ast.ts";
import { importedModules, namedModules } from "../syntax/env.ts";
import { keywordValue } from "../syntax/flow.ts";
import { visit } from "../syntax/visit.ts";
import type { ClauseFacts, QuotedFacts } from "./facts.ts";

/**
 * What the literal `quote` bodies of a function or macro hold; null when it has none and hands on to none.
 * @param written the calls in its body
 * @param module the module that defines it: its other macros are spliced in by their full names
 * @param read gives the facts of a function that a quote defines
 */
export function quotedOf(
  def: Def,
  written: readonly Call[],
  module: string,
  read: (def: Def, name: string) => ClauseFacts,
): QuotedFacts | null {
  if (!def.body || !written.some(isQuoteOrApply)) return null;
  const uses: Use[] = [];
  const imports: ImportedModule[] = [];
  const aliases: [string, string][] = [];
  const spliced: string[] = [];
  const clauses: ClauseFacts[] = [];
  let found = false;
  let dispatches = false;
  let tests = false;
  visit(def.body, (node) => {
    if (node.type !== "call") return;
    if (node.module === null && node.name === "quote") {
      found = true;
      for (const section of node.sections) {
        visit(section, (inner) => {
          if (inner.type === "def") {
            if (inner.name !== null) clauses.push(read(inner, inner.name));
            return false;
          }
          if (isTest(inner)) tests = true;
          if (inner.type === "call" && inner.module === module && inner.args.length === 0) spliced.push(inner.name);
          else quotedStatement(inner, uses, imports, aliases, spliced);
          return true;
        });
      }
      return false;
    }
    if (node.module === null && node.name === "apply" && node.args.length === 3) {
      const target = node.args[0];
      if (target?.type === "alias") dispatches = true;
    }
  });
  return found || dispatches ? { uses, imports, aliases, spliced, clauses, dispatches, tests } : null;
}

/** `test unquote(name) do … end` */
function isTest(node: Node): boolean {
  return node.type === "call" && node.module === null && node.name === "test" && node.sections.length > 0;
}

function isQuoteOrApply({ module, name }: Call): boolean {
  return module === null && (name === "quote" || name === "apply");
}

function quotedStatement(
  node: Node,
  uses: Use[],
  imports: ImportedModule[],
  aliases: [string, string][],
  spliced: string[],
): void {
  if (node.type !== "call" || node.module !== null) return;
  if (node.name === "use") {
    const argument = node.args[1];
    for (const module of namedModules(node)) {
      uses.push({ module, argument: argument?.type === "atom" ? argument.value : null });
    }
  } else if (node.name === "import") imports.push(...importedModules(node));
  else if (node.name === "alias") aliases.push(...aliasPairs(node));
  else if (node.name === "unquote") {
    const inner = node.args[0];
    if (inner?.type === "call" && inner.module === null && !inner.target) spliced.push(inner.name);
  }
}

function aliasPairs(call: Call): [string, string][] {
  const as = keywordValue(call.args[1], "as");
  const name = as?.type === "alias" ? as.short : null;
  return namedModules(call).map((module) => [name ?? shortName(module), module]);
}
