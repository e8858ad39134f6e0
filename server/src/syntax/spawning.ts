import type { Call, Capture, Fn, Node } from "./ast.ts";

/** A closure that another process runs, and the call that hands it over. */
export interface Spawned {
  readonly call: Call;
  readonly closure: Fn | Capture;
}

const SPAWNS =
  /^(?:(?:Task|Task\.Supervisor)\.(?:async|async_nolink|start|start_link|start_child|async_stream|async_stream_nolink)|(?:Node\.)?spawn(?:_link|_monitor)?|Phoenix\.LiveView\.(?:start_async|assign_async|stream_async)|Agent\.start(?:_link)?)$/;

/** The name of a call as rules compare it: with its module, or alone for local functions and Kernel's. */
export function fullName({ module, name }: Call): string {
  return module === null ? name : `${module}.${name}`;
}

/** The closures that a call has another process run; for other calls none. */
export function spawnedBy(call: Call): readonly Spawned[] {
  if (call.target && call.module === null) return [];
  const name = fullName(call);
  if (!SPAWNS.test(name) || name.startsWith("Agent.")) return [];
  return call.args.flatMap((closure) =>
    closure.type === "fn" || closure.type === "capture" ? [{ call, closure }] : [],
  );
}

/** What query a rule on such calls has. */
export const SPAWNING = [
  "spawn spawn_link spawn_monitor Node.spawn Node.spawn_link Task.async Task.start Task.start_link Task.async_stream",
  "Task.Supervisor.async Task.Supervisor.async_nolink Task.Supervisor.start_child Task.Supervisor.async_stream",
  "Task.Supervisor.async_stream_nolink Phoenix.LiveView.start_async Phoenix.LiveView.assign_async Phoenix.LiveView.stream_async",
].flatMap((line) => line.split(" "));

/** The statement around a node, on lines of its own in a block: what is to be evaluated before goes in front of it. */
export function statementAround(node: Node): Node | null {
  for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent)
    if (outer.type === "block") return inner;
  return null;
}
