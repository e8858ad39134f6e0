import type { Edit, FormSource } from "../lint/rule.ts";
import type { Block, Call, Node } from "../syntax/ast.ts";
import { indented, isIndentable } from "./indent.ts";

/** `name = statement`; a pipe over several lines goes below the match, as the formatter has it. */
export function bindStatement(source: FormSource, statement: Node, name: string): Edit[] | null {
  const text = source.text(statement);
  if (statement.type !== "call" || !statement.piped || !text.includes("\n"))
    return [source.insertBefore(statement, `${name} = `)];
  if (!isIndentable(statement, (node) => source.text(node))) return null;
  return [source.replace(statement, `${name} =\n${source.indentation(statement)}  ${indented(text)}`)];
}

/**
 * `name = if … do … else name end` for an `if` whose branches end in `name = …` or in `ends`: the inner matches go, the
 * branch that is not there gives the old value. Null where a branch ends in something else.
 */
export function hoistBinding(source: FormSource, branching: Call, name: string, ends: Node | null): Edit[] | null {
  if (branching.module !== null || !/^(if|unless|case)$/.test(branching.name) || branching.piped) return null;
  if (!isIndentable(branching, (node) => source.text(node))) return null;
  const cuts: { start: number; end: number }[] = [];
  for (const body of bodies(branching)) {
    const last = body.statements.at(-1);
    if (last?.type === "binary" && last.operator === "=" && last.left.type === "variable" && last.left.name === name) {
      cuts.push({ start: last.start, end: last.right.start });
    } else if (last !== ends && !(last?.type === "variable" && last.name === name)) return null;
  }
  let text = "";
  let at = branching.start;
  for (const cut of cuts) {
    text += source.between(at, cut.start);
    at = cut.end;
  }
  text += source.between(at, branching.end);
  const block = branching.sections.some((section) => section.block);
  if (branching.name !== "case" && branching.sections.length === 1) {
    const indent = source.indentation(branching);
    text = block ? text.replace(/end$/, `else\n${indent}  ${name}\n${indent}end`) : `${text}, else: ${name}`;
  }
  if (!text.includes("\n")) return [source.replace(branching, `${name} = ${text}`)];
  return [source.replace(branching, `${name} =\n${source.indentation(branching)}  ${indented(text)}`)];
}

function bodies(call: Call): Block[] {
  return call.sections.flatMap((section) =>
    section.body ? [section.body] : section.clauses.map((clause) => clause.body),
  );
}
