import type { Call, Def, Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";
import { isEndpointByName, isRepoByName } from "./constructs.ts";
import type { HeldValues } from "./held-values.ts";
import { KEPT, KERNEL, PURE_MODULES } from "./pure.ts";
import { type Shape, shapeOf } from "./shape.ts";

/** What a call names: a function of a module, of this one where it is null, or of a module read from somewhere. */
export interface Callee {
  readonly module: string | null;
  readonly name: string;
  readonly target?: Shape | null;
}

/** Whoever calls these of a module that is known at run time only makes callbacks of them: `page.module.handle_info(…)`. */
const CALLBACK = /^(?:handle_(?:info|params|call|cast)|terminate)$/;

/** What the call names; null for what has no effect, and for what is not known. */
export function calleeOf(node: Call, held: HeldValues): Callee | null {
  const { module, name, target } = node;
  if (name === "" || isPure(module, name)) return null;
  if (!target || module !== null) return { module, name };
  // `Ecto.Multi.run(multi, :step, fn repo, changes -> repo.insert(…) end)`
  if (isRepoByName(target)) return { module: "Repo", name };
  if (isEndpointByName(target)) return { module: "Endpoint", name };
  const written = held.moduleOf(target);
  if (written !== null) return isPure(written, name) ? null : { module: written, name };
  const source = held.sourceOf(target) ?? (CALLBACK.test(name) ? shapeOf(target) : null);
  return source ? { module: null, name, target: source } : null;
}

/** The function that `apply(Module, :function, [a, b])` calls, where all three are written out, and its arguments. */
export function appliedBy(node: Call): { readonly callee: Callee; readonly args: readonly Node[] } | null {
  const [module, name, list] = node.args;
  if (module?.type !== "alias" || name?.type !== "atom" || list?.type !== "list") return null;
  return { callee: { module: module.module, name: name.value }, args: list.items };
}

/** True for a call without a callee that may do anything all the same: `fun.()`, `handler.run(order)`, `apply(fun, args)`. */
export function isOpaque(node: Call): boolean {
  if (isLocal(node, "apply")) return appliedBy(node) === null;
  return node.name === "" || (node.target !== null && node.module === null);
}

/** The function that `defdelegate f(a, b), to: Module, as: :g` calls; null for all other definitions. */
export function delegatedBy(def: Def): Callee | null {
  if (def.keyword !== "defdelegate" || def.name === null) return null;
  const to = keywordValue(def.options, "to");
  const target = to?.type === "attribute" ? to.value : to;
  const as = keywordValue(def.options, "as");
  if (target?.type !== "alias") return null;
  return { module: target.module, name: as?.type === "atom" ? as.value : def.name };
}

/** True for a call of that function, macro or special form of Kernel's, or one of the module's own. */
export function isLocal(call: Call, name: string): boolean {
  return call.module === null && call.name === name && !call.target;
}

/** True for functions that have no effect Lintel knows of. */
export function isPure(module: string | null, name: string): boolean {
  return module === null ? KERNEL.has(name) : PURE_MODULES.has(module) && !KEPT.has(`${module}.${name}`);
}
