import { calls, formRule, suggest } from "../../lint/rule.ts";
import { streamTasks } from "../../refactor/stream-tasks.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { boundValues, functionAround } from "../../syntax/binding.ts";
import { fanOutOf, isAwaitOf } from "../../syntax/fan-out.ts";
import { fixedSize, isBatching, iterationAround } from "../../syntax/iteration.ts";
import { fullName } from "../../syntax/spawning.ts";
import { find } from "../../syntax/visit.ts";

export default formRule({
  id: "otp/unbounded-task-fanout",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  default: "off",
  summary: "One task for each element, all at once: with a long list they exhaust connections and memory.",
  query: calls("Enum.map", "for"),
  check(call, cx) {
    const fanOut = fanOutOf(call);
    if (!fanOut || isBounded(fanOut.collection)) return;
    const awaits = awaitAfter(call);
    if (!awaits) return;
    const what = fanOut.collection.type === "variable" ? `of \`${fanOut.collection.name}\`` : "of the collection";
    cx.report(
      { start: call.calleeStart, end: call.calleeEnd },
      `This starts a task for each element ${what} at the same time, however many there are; \`Task.async_stream\` runs as many as there are schedulers, or \`max_concurrency: n\` of them.`,
      {
        related: [
          { at: fanOut.task, message: `\`${fullName(fanOut.task)}\` starts one` },
          { at: { start: awaits.ownStart, end: awaits.end }, message: "All of them are awaited here" },
        ],
        fixes: [suggest("Use `Task.async_stream`", (source) => streamTasks(source))],
      },
    );
  },
});

/** Short by the source, a part of a longer list, or cut to a number of elements. */
function isBounded(collection: Node): boolean {
  if (fixedSize(collection) || isBatching(collection) || iterationAround(collection)?.batched) return true;
  if (collection.type === "variable" && /chunk|batch/.test(collection.name)) return true;
  if (collection.type === "variable") return boundValues(collection, collection.name).some((value) => isBounded(value));
  return collection.type === "call" && /^(?:take|take_random|slice|chunk_every)$/.test(collection.name);
}

/** The call that awaits all of the tasks: around it in a pipe, or of the variable that it is bound to. */
function awaitAfter(call: Call): Call | null {
  const { parent } = call;
  if (parent?.type === "call" && parent.args[0] === call) return isAwaitOf(parent) ? parent : null;
  if (parent?.type !== "binary" || parent.operator !== "=" || parent.left.type !== "variable") return null;
  const { name } = parent.left;
  return find(functionAround(call), (node): node is Call => {
    if (node.type !== "call" || node.start < parent.end || !isAwaitOf(node)) return false;
    return find(node.args[0] ?? node, (n) => n.type === "variable" && n.name === name) !== null;
  });
}
