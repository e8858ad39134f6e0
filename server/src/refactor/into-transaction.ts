import { shortName } from "../base/module-name.ts";
import type { Range } from "../base/range.ts";
import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { expandAlias } from "../syntax/env.ts";
import { tails } from "../syntax/flow.ts";
import { isAtom } from "../syntax/literals.ts";
import { indented, isIndentable } from "./indent.ts";

/** `Repo.transact` takes `{:ok, value}` and `{:error, reason}`; `Repo.transaction` takes a value, and `Repo.rollback` for the rest. */
export type TransactionFunction = "transact" | "transaction";

/**
 * Wraps the `with` that a function ends in and that has both writes, that of the diagnostic and the other, into a
 * transaction. Null unless each of its steps goes on with `{:ok, …}` or `:ok` only, and it gives `{:ok, …}` in the end.
 */
export function wrapInTransaction(
  source: FormSource,
  other: Range,
  repo: string,
  by: TransactionFunction,
): readonly Edit[] | null {
  const chain =
    source.ast.type === "def" && source.ast.sections.length === 0 ? source.ast.body?.statements.at(-1) : null;
  if (chain?.type !== "call" || chain.module !== null || chain.name !== "with" || chain.piped) return null;
  if (![source.at, other].every((range) => chain.start <= range.start && range.end <= chain.end)) return null;
  const body = chain.sections.length === 1 && chain.sections[0]?.block ? chain.sections[0].body : null;
  const values = body ? tails(body) : [];
  if (!chain.args.every(goesOnAfterSuccess) || !values.every(isSuccess)) return null;
  if (!isIndentable(chain, (node) => source.text(node))) return null;
  const indent = source.indentation(chain);
  const name = nameOf(source, repo);
  const text = by === "transact" ? source.text(chain) : withRollback(source, chain, values, name);
  return (text && [source.replace(chain, `${name}.${by}(fn ->\n${indent}  ${indented(text)}\n${indent}end)`)]) || null;
}

/** The text of the chain, which gives plain values, and rolls back where a step fails. */
function withRollback(source: FormSource, chain: Call, values: readonly Node[], repo: string): string | null {
  let text = "";
  let at = chain.start;
  for (const value of values) {
    const plain = value.type === "tuple" ? value.items[1] : null;
    if (!plain) return null;
    text += source.between(at, value.start) + source.text(plain);
    at = value.end;
  }
  const indent = source.indentation(chain);
  const rollback = `else\n${indent}  {:error, reason} -> ${repo}.rollback(reason)\n${indent}end`;
  return (text + source.between(at, chain.end)).replace(/end$/, rollback);
}

/** `{:ok, x} <- call`, `:ok <- call`, `x = call` */
function goesOnAfterSuccess(step: Node): boolean {
  return step.type === "binary" && (step.operator === "=" || (step.operator === "<-" && isSuccess(step.left)));
}

/** `{:ok, …}`; as a pattern of a step, `:ok` too */
function isSuccess(node: Node): boolean {
  if (node.type === "atom") return node.value === "ok" && node.parent?.type === "binary";
  return node.type === "tuple" && node.items.length === 2 && isAtom(node.items[0], "ok");
}

/** The module as the function may write it. */
function nameOf({ env }: FormSource, module: string): string {
  const short = shortName(module);
  return expandAlias(env, short) === module ? short : module;
}
