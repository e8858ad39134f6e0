import type { Edit, FormSource } from "../lint/rule.ts";
import { defsOf } from "./module-forms.ts";
import { prepend } from "./prepend.ts";

/** `Process.flag(:trap_exit, true)` as the first statement of the module's `init/1`; null where that has several clauses. */
export function trapExits(source: FormSource): readonly Edit[] | null {
  const [init, another] = defsOf(source.siblings()).filter(({ def }) => def.name === "init" && def.params.length === 1);
  return init && !another ? prepend(init, "Process.flag(:trap_exit, true)") : null;
}
