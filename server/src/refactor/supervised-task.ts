import type { Anchor, Edit, FormSource } from "../lint/rule.ts";
import { isDiscarded } from "../syntax/flow.ts";
import { insertChild } from "./children-list.ts";

/**
 * Starts what the call that the diagnostic is on starts under a task supervisor of that name. Null where its value is used
 * and would be another one: `spawn` gives a pid, `start_child` gives `{:ok, pid}`.
 */
export function superviseTask(source: FormSource, supervisor: string): readonly Edit[] | null {
  const call = source.node(source.at);
  if (call?.type !== "call" || call.piped || call.args.length === 0 || call.target) return null;
  if (call.module !== "Task" && !isDiscarded(call)) return null;
  const callee = { start: call.calleeStart, end: call.calleeEnd };
  const first = call.args[0] ?? callee;
  return [
    source.replace({ start: callee.start, end: first.start }, `Task.Supervisor.start_child(${supervisor}, `),
  ].concat(call.parens ? [] : [source.insertAfter(call, ")")]);
}

/** Has the application start a task supervisor of that name; nothing where it has one, null where its place is not found. */
export function startTaskSupervisor(
  source: FormSource,
  name: string,
  place: { readonly where: "before" | "after"; readonly child: Anchor } | null,
): readonly Edit[] | null {
  return place ? insertChild(`{Task.Supervisor, name: ${name}}`, place.where, source.elsewhere(place.child)) : [];
}
