import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Def, Node } from "../syntax/ast.ts";
import { find, visit } from "../syntax/visit.ts";
import { type DefForm, defsOf } from "./module-forms.ts";
import { prepend } from "./prepend.ts";

/**
 * Moves `:ets.new` from `start_link` into `init/1`: as the state, where `start_link` hands the table over and `init` is
 * `{:ok, table}`; as the first statement, where nobody takes what it returns. Null for any other shape.
 */
export function tableIntoInit(created: Call, source: FormSource): readonly Edit[] | null {
  // The rule saw another tree of the same text.
  const call = source.node(created);
  const start = source.ast;
  const [init, another] = defsOf(source.siblings()).filter(({ def }) => def.name === "init" && def.params.length === 1);
  if (call?.type !== "call" || start.type !== "def" || !init || another || dependsOnCaller(call)) return null;
  const text = source.text(call);
  const statement = call.parent;
  if (
    statement?.type === "block" &&
    statement.statements.length > 1 &&
    statement.statements.at(-1) !== call &&
    statement.parent === start
  ) {
    const first = prepend(init, text);
    return first && [source.removeLines(call), ...first];
  }
  const binding =
    statement?.type === "binary" && statement.operator === "=" && statement.right === call ? statement : null;
  const name = binding?.left.type === "variable" ? binding.left.name : null;
  const argument = binding ? name && soleUse(start, name) : call;
  const state = argument && isInitArgument(argument) ? replaceState(init, text) : null;
  if (!argument || !state) return null;
  if (binding && binding.parent?.parent !== start) return null;
  return [source.replace(argument, "[]"), ...(binding ? [source.removeLines(binding)] : []), ...state];
}

/** A table made from arguments of `start_link` cannot be made without them. */
function dependsOnCaller(call: Call): boolean {
  return call.args.some((arg) => find(arg, (node) => node.type === "variable") !== null);
}

/** The place where the variable is read, when there is but one. */
function soleUse(start: Def, name: string): Node | null {
  const places: Node[] = [];
  visit(start, (node) => {
    if (node.type === "variable" && node.name === name) places.push(node);
  });
  return places.length === 2 ? (places[1] ?? null) : null;
}

/** True for the second argument of `GenServer.start_link`. */
function isInitArgument(node: Node): boolean {
  const call = node.parent;
  return call?.type === "call" && call.module === "GenServer" && /^start/.test(call.name) && call.args[1] === node;
}

/** `init(table)` with `{:ok, table}` becomes `init(_)` with `{:ok, :ets.new(…)}`. */
function replaceState({ source, def }: DefForm, text: string): Edit[] | null {
  const param = def.params[0];
  const last = def.body?.statements.at(-1);
  const state = last?.type === "tuple" && last.items.length === 2 ? last.items[1] : undefined;
  if (param?.type !== "variable" || state?.type !== "variable" || state.name !== param.name) return null;
  let uses = 0;
  visit(def, (node) => {
    if (node.type === "variable" && node.name === param.name) uses++;
  });
  return uses === 2 ? [source.replace(param, "_"), source.replace(state, text)] : null;
}
