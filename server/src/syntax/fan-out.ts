import type { Block, Call, Fn, Node } from "./ast.ts";
import { fullName } from "./spawning.ts";
import { find } from "./visit.ts";

/** A loop each turn of which evaluates to a task. */
export interface FanOut {
  readonly collection: Node;
  /** The closure or the `do` section of the loop. */
  readonly body: Node;
  /** `Task.async(fn -> … end)` */
  readonly task: Call;
}

const STARTS = /^Task\.(?:async|Supervisor\.async|Supervisor\.async_nolink)$/;
const AWAITS = /^Task\.(?:await|yield)$/;

/** `Enum.map(xs, fn x -> Task.async(…) end)` and `for x <- xs, do: Task.async(…)`; null for other calls. */
export function fanOutOf(call: Call): FanOut | null {
  if (call.module === null) {
    const [generator, filter] = call.args;
    const [section, other] = call.sections;
    if (generator?.type !== "binary" || generator.operator !== "<-" || filter || other || !section?.body) return null;
    const task = lastOf(section.body);
    return task && { collection: generator.right, body: section, task };
  }
  const [collection, closure] = call.args;
  if (!collection || call.args.length !== 2) return null;
  if (closure?.type === "capture") {
    const task = taskIn(closure.body);
    return task && { collection, body: closure, task };
  }
  const [clause, other] = closure?.type === "fn" ? closure.clauses : [];
  const task = clause && !other ? lastOf(clause.body) : null;
  return task && closure ? { collection, body: closure, task } : null;
}

function lastOf({ statements }: Block): Call | null {
  return taskIn(statements.at(-1));
}

function taskIn(node: Node | undefined): Call | null {
  return node?.type === "call" && STARTS.test(fullName(node)) ? node : null;
}

/** True for a call that awaits each task of its first argument, or all of them. */
export function isAwaitOf(call: Call): boolean {
  const name = fullName(call);
  if (/^Task\.(?:await|yield)_many$/.test(name)) return true;
  if (!/^Enum\.(?:map|each|flat_map|reduce)$/.test(name) && name !== "for") return false;
  const parts: readonly Node[] = name === "for" ? call.sections : call.args.slice(1);
  return parts.some((part) => find(part, isAwait) !== null);
}

function isAwait(node: Node): boolean {
  if (node.type === "function-reference") return node.module === "Task" && /^(?:await|yield)$/.test(node.name);
  return node.type === "call" && AWAITS.test(fullName(node));
}

/** The closure without arguments that a task runs. */
export function workOf(task: Call): Fn | null {
  const work = task.args.at(-1);
  return work?.type === "fn" && work.clauses.length === 1 && work.clauses[0]?.patterns.length === 0 ? work : null;
}
