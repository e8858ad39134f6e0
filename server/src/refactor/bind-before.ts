import type { Edit, FormSource } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { statementAround } from "../syntax/spawning.ts";
import { boundBy, mentionedIn } from "./names.ts";

/** A variable that is bound to `value`, and the nodes in whose place it then stands. */
export interface Binding {
  readonly name: string;
  readonly value: string;
  readonly places: readonly Node[];
}

/** The lines that bind the variables, each followed by a line break and the white space that the next one begins with. */
function bindingLines(bindings: readonly Binding[], indent: string): string {
  return bindings.map(({ name, value }) => `${name} = ${value}\n${indent}`).join("");
}

/** The same lines, and an empty one before what follows; nothing where there is no variable. */
export function linesBefore(bindings: readonly Binding[], indent: string): string {
  return bindings.length > 0 ? `${bindingLines(bindings, indent).trimEnd()}\n\n${indent}` : "";
}

/**
 * `name = value` in front of the statement that has the node, for each of the bindings, and the names in the place of what
 * they stand for. Null where the statement does not begin its line, or itself binds one of the variables that values read.
 */
export function bindBefore(
  source: FormSource,
  node: Node,
  bindings: readonly Binding[],
  reads: readonly string[],
): Edit[] | null {
  const statement = statementAround(node);
  if (!statement) return null;
  const indent = source.indentation(statement);
  const bound = boundBy([statement]);
  if (!startsLine(source, statement) || reads.some((name) => bound.has(name))) return null;
  return [
    source.insertBefore(statement, bindingLines(bindings, indent)),
    ...bindings.flatMap(({ name, places }) => places.map((place) => source.replace(place, name))),
  ];
}

/** A name that the function does not use yet, of those that would do. */
export function freeName(form: Node, ...names: readonly string[]): string | null {
  const taken = mentionedIn([form]);
  return names.find((name) => !taken.has(name)) ?? null;
}

/** True where nothing but blank space stands before the node on its line. */
function startsLine(source: FormSource, node: Node): boolean {
  const before = source.between(Math.min(0, node.start), node.start);
  return /(?:^|\n)[ \t]*$/.test(before) && before.includes("\n");
}
