import type { Edit, FormSource } from "../lint/rule.ts";
import { find } from "../syntax/visit.ts";

/** Puts five seconds in the place of the `shutdown:` that stands in the form, at the diagnostic. */
export function setShutdown(source: FormSource): readonly Edit[] | null {
  const node = source.node(source.at) ?? source.ast;
  const pair = find(
    node,
    (n) => n.type === "pair" && n.key.type === "atom" && n.key.value === "shutdown" && n.value.type === "atom",
  );
  return pair?.type === "pair" ? [source.replace(pair.value, "5_000")] : null;
}
