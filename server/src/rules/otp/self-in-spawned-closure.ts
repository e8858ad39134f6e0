import { KERNEL } from "../../facts/pure.ts";
import { calls, fix, formRule } from "../../lint/rule.ts";
import { bindBefore, freeName } from "../../refactor/bind-before.ts";
import type { Call, Node } from "../../syntax/ast.ts";
import { loopOf } from "../../syntax/iteration.ts";
import { fullName, SPAWNING, type Spawned, spawnedBy } from "../../syntax/spawning.ts";
import { ancestors, find, visit } from "../../syntax/visit.ts";

/** Calls that send to, or ask, the process that is their first argument. */
const SENDS = /^(?:send|Process\.send|GenServer\.(?:call|cast)|:gen_server\.(?:call|cast)|Kernel\.send)$/;
/** What a process that is given is to be told, or is to belong to. */
const ROLES = /^(?:parent|owner|caller|subscriber|reply_to|notify|report_to)$/;

export default formRule({
  id: "otp/self-in-spawned-closure",
  category: "correctness",
  severity: "warning",
  since: "0.1.0",
  summary: "`self()` in a closure that another process runs is that process: what it sends to itself never arrives.",
  query: calls(...SPAWNING),
  check(call, cx) {
    for (const spawned of spawnedBy(call)) {
      const meant = selvesIn(spawned);
      const [first] = meant;
      if (!first) continue;
      cx.report(
        first,
        `This runs in the process that \`${fullName(call)}\` starts, so \`self()\` is that process and not the one around it, which never gets the message; bind \`parent = self()\` before and send to \`parent\`.`,
        {
          related: [
            { at: { start: call.ownStart, end: call.calleeEnd }, message: "Runs the closure in a new process" },
          ],
          fixes: [
            fix("Bind `self()` before the closure", (source) => {
              const name = freeName(source.ast, "parent", "caller", "parent_pid");
              const at = source.node({ start: call.start, end: call.end });
              if (!name || !at) return null;
              return bindBefore(source, at, [{ name, value: "self()", places: meant }], []);
            }),
          ],
        },
      );
    }
  },
});

/** The `self()` in the closure that can only mean the process outside. */
function selvesIn({ closure }: Spawned): Call[] {
  const out: Call[] = [];
  visit(closure, (node) => {
    if (node.type !== "call" || node.module !== null || node.name !== "self" || node.target) return;
    const use = usedBy(node);
    if (use && runsInside(use, closure) && !receivesAfter(closure, use)) out.push(node);
  });
  return out;
}

/** The call that sends to it, or is given it under a name that says so. */
function usedBy(self: Call): Call | null {
  const { parent } = self;
  if (parent?.type === "call") return parent.args[0] === self && SENDS.test(fullName(parent)) ? parent : null;
  if (parent?.type !== "pair" || parent.key.type !== "atom" || !ROLES.test(parent.key.value)) return null;
  const call = [...ancestors(parent)].find((node) => node.type === "call");
  return call?.type === "call" ? call : null;
}

/** False in a closure within the closure, unless a loop runs it at once. */
function runsInside(node: Node, closure: Node): boolean {
  for (const around of ancestors(node)) {
    if (around === closure) return true;
    if (around.type !== "fn" && around.type !== "capture") continue;
    const call = around.parent;
    const loop = call?.type === "call" ? loopOf(call) : null;
    if (!loop?.closures.includes(around) || loop.kind.startsWith("Task")) return false;
  }
  return false;
}

function isKernel(name: string): boolean {
  return KERNEL.has(name) || /^(?:send|exit|spawn\w*)$/.test(name);
}

/** True when the new process may take the message itself: it has a `receive`, or goes on to a function that may have. */
function receivesAfter(closure: Node, use: Call): boolean {
  return (
    find(closure, (node) => {
      if (node.type !== "call") return false;
      if (node.module === null && node.name === "receive") return true;
      if (node.start < use.end) return false;
      return node.module === null ? !isKernel(node.name) : /loop|receive|await|recv/.test(node.name);
    }) !== null
  );
}
