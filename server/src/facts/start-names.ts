import type { Binary, Call, Def, Node, Variable } from "../syntax/ast.ts";
import { boundNames, keywordValue } from "../syntax/flow.ts";
import { isAtom, isVariable } from "../syntax/literals.ts";
import { ancestors } from "../syntax/visit.ts";
import { nameOf, type Shape, shapeOf } from "./shape.ts";

const NONE: readonly Shape[] = [];
/** How many variables a name is followed through. */
const DEPTH = 4;
/** Functions of `Keyword` that are given a name: for those who have none, or for all. */
const GIVEN = /^(?:get|pop|put|put_new)$/;
/** Functions that give what stands under a key, or the options with these keys; and such that leave other keys as they are. */
const READS = /^(?:get|pop!?|fetch!|take|split)$/;
const LEAVES = /^(?:put|put_new|put_new_lazy|delete)$/;

/**
 * The names under which a function starts GenServers. Of a name that its caller may choose, by `Keyword.get(options, :name, Name)`,
 * `Keyword.put_new` or the default of a parameter, what it is otherwise.
 * @param written the calls in its body
 */
export function startNamesOf(def: Def, written: readonly Call[]): readonly Shape[] {
  const names = written.flatMap((call): Shape[] => {
    const options = startsServer(call) && !isQuoted(call, def) ? call.args[2] : undefined;
    if (!options || (options.type === "list" && options.items.length === 0)) return [];
    const name = shapeOf(options).kind === "keyword" ? keywordValue(options, "name") : options;
    if (!name) return [];
    const byDefault = name.type === "variable" ? shapeOf(defaultOf(name, def, DEPTH)) : null;
    return [nameOf(byDefault) === null || !byDefault ? shapeOf(name) : byDefault];
  });
  return names.length > 0 ? names : NONE;
}

function startsServer({ module, name }: Call): boolean {
  return module === "GenServer" && (name === "start" || name === "start_link");
}

/** In a `quote`, or in a function that one defines. */
function isQuoted(call: Call, def: Def): boolean {
  for (const outer of ancestors(call)) {
    if (outer === def) return false;
    if (outer.type === "def" || (outer.type === "call" && outer.module === null && outer.name === "quote")) return true;
  }
  return false;
}

/** The name that a variable holds where nobody says another, or that is among the options which it holds; null where there is none. */
function defaultOf(held: Variable, def: Def, depth: number): Node | null {
  if (depth === 0) return null;
  const match = bindingBefore(held, def);
  if (match) {
    const [first] = match.left.type === "tuple" ? match.left.items : [match.left];
    return isVariable(first, held.name) ? defaultIn(match.right, def, depth - 1) : null;
  }
  const parameter = def.params.find((param) => param.type === "binary" && isVariable(param.left, held.name));
  return parameter?.type === "binary" && parameter.operator === "\\\\" ? keywordValue(parameter.right, "name") : null;
}

/** `Keyword.get(options, :name, Name)`, and what functions of `Keyword` make of options that have a default. */
function defaultIn(value: Node, def: Def, depth: number): Node | null {
  if (value.type === "variable") return defaultOf(value, def, depth);
  if (value.type !== "call" || value.module !== "Keyword") return null;
  const [options, key, given] = value.args;
  const isOfName = isAtom(key, "name") || (key?.type === "list" && key.items.some((item) => isAtom(item, "name")));
  if (isOfName && given) return GIVEN.test(value.name) ? given : null;
  return options && (isOfName ? READS : LEAVES).test(value.name) ? defaultIn(options, def, depth) : null;
}

/** The last match before the read that binds the variable, in the block of the read or one around; null where it is a parameter. */
function bindingBefore(read: Variable, def: Def): Binary | null {
  for (const around of ancestors(read)) {
    if (around === def) break;
    if (around.type !== "block") continue;
    const match = around.statements.findLast(
      (statement): statement is Binary =>
        statement.type === "binary" &&
        statement.operator === "=" &&
        statement.end <= read.start &&
        boundNames(statement.left).has(read.name),
    );
    if (match) return match;
  }
  return null;
}
