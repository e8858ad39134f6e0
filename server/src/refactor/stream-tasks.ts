import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call } from "../syntax/ast.ts";
import { fanOutOf, workOf } from "../syntax/fan-out.ts";
import { fullName } from "../syntax/spawning.ts";
import { find } from "../syntax/visit.ts";

/**
 * `Task.async_stream` for the `Enum.map` that the diagnostic is on, and its results taken out of `{:ok, result}` where they
 * were awaited, when that is the next step of the pipe or a call around it. Null for all other shapes.
 */
export function streamTasks(source: FormSource): Edit[] | null {
  const call = find(
    source.ast,
    (node): node is Call =>
      node.type === "call" && node.calleeStart === source.at.start && node.calleeEnd === source.at.end,
  );
  const fanOut = call && fanOutOf(call);
  const awaits = call?.parent;
  const work = fanOut && workOf(fanOut.task);
  if (!fanOut || !work || call.module !== "Enum" || fullName(fanOut.task) !== "Task.async") return null;
  if (awaits?.type !== "call" || awaits.args[0] !== call || !awaits.piped || fanOut.body.type !== "fn") return null;
  const [clause] = fanOut.body.clauses;
  const timeout = timeoutOf(awaits, source);
  const body = work.clauses[0]?.body;
  if (timeout === null || !body || clause?.body.statements.length !== 1 || body.statements.length === 0) return null;
  const options = timeout === "" ? "" : `, timeout: ${timeout}`;
  // In a pipe over several lines the call goes on behind its closure.
  return [
    source.replace({ start: call.calleeStart, end: call.calleeEnd }, "Task.async_stream"),
    source.replace(fanOut.task, source.text(body)),
    ...(options === "" ? [] : [source.insertAfter(fanOut.body, options)]),
    source.replace({ start: awaits.ownStart, end: awaits.end }, "Enum.map(fn {:ok, result} -> result end)"),
  ];
}

/** The time limit that the tasks are awaited with; empty for the default, null where something else is done with them. */
function timeoutOf(awaits: Call, source: FormSource): string | null {
  const [, closure] = awaits.args;
  if (fullName(awaits) === "Task.await_many") return closure ? source.text(closure) : "";
  if (fullName(awaits) !== "Enum.map") return null;
  if (closure?.type === "function-reference") return closure.module === "Task" && closure.arity === 1 ? "" : null;
  const [clause] = closure?.type === "fn" ? closure.clauses : [];
  const body = closure?.type === "capture" ? closure.body : clause?.body.statements[0];
  if (body?.type !== "call" || fullName(body) !== "Task.await" || (clause && clause.body.statements.length > 1))
    return null;
  const [task, limit] = body.args;
  if (task?.type !== "capture-argument" && task?.type !== "variable") return null;
  return limit ? source.text(limit) : "";
}
