import type { Edit, FormSource } from "../lint/rule.ts";
import { find } from "../syntax/visit.ts";

/** `Repo.transaction` at the report's place under its new name. */
export function transact(source: FormSource): readonly Edit[] | null {
  const { at } = source;
  const call = find(source.ast, (node) => node.type === "call" && node.ownStart === at.start && node.end === at.end);
  if (call?.type !== "call") return null;
  const name = { start: call.calleeEnd - call.name.length, end: call.calleeEnd };
  return source.text(name) === "transaction" ? [source.replace(name, "transact")] : null;
}
