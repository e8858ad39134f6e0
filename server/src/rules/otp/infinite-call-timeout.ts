import { calls, formRule, suggest } from "../../lint/rule.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { uses } from "../../syntax/env.ts";
import { boundNames } from "../../syntax/flow.ts";
import { ancestors, find } from "../../syntax/visit.ts";

const CALLEES = [
  "GenServer.call",
  ":gen_server.call",
  "Task.await",
  "Task.await_many",
  "Task.yield",
  "Task.yield_many",
];
const TIMEOUTS = ["5_000", "15_000", "30_000"];
const SUPERVISORS = ["Supervisor", "DynamicSupervisor"];

export default formRule({
  id: "otp/infinite-call-timeout",
  category: "reliability",
  severity: "hint",
  since: "0.1.0",
  // Much of it is meant so: whether a wait may be endless is the author's to say.
  default: "off",
  summary: "A call that waits for ever: when the server is stuck its callers are too, and nobody is told.",
  query: calls(...CALLEES),
  check(call, cx) {
    const timeout = call.args.at(-1);
    if (call.args.length !== (call.name === "call" ? 3 : 2) || !isInfinity(timeout)) return;
    if (SUPERVISORS.some((module) => uses(cx.env, module)) || isInTask(call) || sendsTimeout(call)) return;
    const callee = call.module === null ? call.name : `${call.module}.${call.name}`;
    const waits = call.name === "call" ? "a server that is stuck" : "a task that hangs";
    cx.report(
      timeout,
      `\`${callee}\` with \`:infinity\` never gives up: ${waits} holds its caller for ever, and nothing says so; give it a number of milliseconds.`,
      {
        fixes: TIMEOUTS.map((value) =>
          suggest(`Wait for ${Number.parseInt(value, 10)} seconds: \`${value}\``, (source) => [
            source.replace(source.at, value),
          ]),
        ),
      },
    );
  },
});

function isInfinity(node: Node | undefined): node is Node {
  const value = node?.type === "attribute" ? node.value : node;
  return value?.type === "atom" && value.value === "infinity";
}

/** Inside of a task: whoever awaits that decides how long. */
function isInTask(call: Call): boolean {
  return [...ancestors(call)].some(
    (node) => node.type === "call" && (node.module === "Task" || node.module === "Task.Supervisor") && node !== call,
  );
}

/** `{:wait_until, level, timeout}`: the server answers in time. */
function sendsTimeout({ args: [, message] }: Call): boolean {
  return message
    ? find(message, (node) => [...boundNames(node)].some((name) => /timeout|deadline/.test(name))) !== null
    : false;
}
