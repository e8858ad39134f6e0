import type { Edit, FormSource } from "../lint/rule.ts";
import { keywordValue } from "../syntax/flow.ts";

/** Wraps the child that the diagnostic is on in `Supervisor.child_spec(child, id: …)`, or writes the id that it gives. */
export function giveChildId(source: FormSource, id: string): readonly Edit[] | null {
  const child = source.node(source.at);
  if (!child) return null;
  if (child.type === "map") {
    const there = keywordValue(child, "id");
    return there && [source.replace(there, `:${id}`)];
  }
  if (child.type === "call" && child.module === "Supervisor" && child.name === "child_spec") {
    const there = keywordValue(child.args[1], "id");
    return there && [source.replace(there, `:${id}`)];
  }
  if (child.type !== "alias" && child.type !== "tuple") return null;
  return [source.replace(child, `Supervisor.child_spec(${source.text(child)}, id: :${id})`)];
}
