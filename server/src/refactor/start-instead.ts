import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";

/** The call that the diagnostic is on, as one that starts a task without a result: of the supervisor, or the one that the call names. */
export function startInstead(source: FormSource, supervisor: string | null): Edit[] | null {
  const call = find(
    source.ast,
    (node): node is Call => node.type === "call" && node.ownStart === source.at.start && node.end === source.at.end,
  );
  if (!call || call.piped || !call.parens) return null;
  const callee = { start: call.calleeStart, end: call.calleeEnd };
  const [first] = call.args;
  // It has a supervisor already.
  if (call.module === "Task.Supervisor") return [source.replace(callee, "Task.Supervisor.start_child")];
  return first && supervisor !== null
    ? [source.replace(callee, "Task.Supervisor.start_child"), source.insertBefore(first, `${supervisor}, `)]
    : null;
}
