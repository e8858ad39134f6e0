import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { runInCallbacks } from "../../project/processes/in-callbacks.ts";
import { behavesAs } from "../../project/processes/servers.ts";

/** The callbacks of processes that read their mailbox themselves; what runs while one ends takes nothing from anybody. */
const CALLBACKS = new Map([
  ["GenServer", "init/1 handle_call/3 handle_cast/2 handle_info/2 handle_continue/2"],
  ["GenStage", "init/1 handle_call/3 handle_cast/2 handle_info/2 handle_demand/2 handle_events/3"],
  [":gen_statem", "init/1 handle_event/4"],
  ["GenStateMachine", "init/1 handle_event/4"],
  ["Phoenix.LiveView", "mount/3 handle_params/3 handle_event/3 handle_info/2 handle_async/3"],
  ["Phoenix.LiveComponent", "mount/1 update/2 handle_event/3 handle_async/3"],
  ["Phoenix.Channel", "join/3 handle_in/3 handle_info/2 handle_out/3"],
]);

export default moduleRule({
  id: "otp/receive-in-callback",
  category: "correctness",
  severity: "warning",
  default: "off",
  since: "0.1.0",
  summary: "A `receive` in a callback takes messages from the process's own loop, and blocks it until one comes.",
  check(module, cx) {
    const kind = [...CALLBACKS.keys()].find((behaviour) => behavesAs(module, behaviour));
    if (kind === undefined || module.clauses.every(({ receives }) => receives.length === 0)) return;
    for (const [clause, callback] of runInCallbacks(module, callbacksOf(module, kind))) {
      for (const { at, selective, open, limited } of clause.receives) {
        // What has just been told to end, or is ended when it takes too long, is waited for as `terminate` would.
        if (selective && clause.calls.some(endsProcess)) continue;
        const isAwaited = selective || (limited && !open);
        const where = `\`${callback.name}/${callback.arity}\``;
        const through = clause === callback ? where : `${where}, through \`${clause.name}/${clause.arity}\`,`;
        const harm = isAwaited
          ? "the process answers nobody until it has what it waits for"
          : open
            ? "it may take calls and system messages that are the process's own, and the process answers nobody meanwhile"
            : "it waits without limit, takes what may be meant for `handle_info`, and the process answers nobody meanwhile";
        cx.report(
          anchor(module, clause, at),
          `${through} reads the mailbox with \`receive\`: ${harm}; take the message in \`handle_info\` and keep in the state what waits for it.`,
          isAwaited ? { severity: "hint" } : {},
        );
      }
    }
  },
});

function endsProcess({ module, name }: CallFact): boolean {
  return (module === "Process" || module === ":erlang") && name === "exit";
}

function callbacksOf(module: ModuleFacts, kind: string): ClauseOfModule[] {
  const names = new Set((CALLBACKS.get(kind) ?? "").split(" "));
  return module.clauses.filter(({ keyword, name, arity }) => keyword === "def" && names.has(`${name}/${arity}`));
}
