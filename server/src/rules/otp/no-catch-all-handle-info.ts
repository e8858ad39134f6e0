import type { CallFact, ClauseOfModule } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { type ServerProfile, serverProfiles } from "../../project/processes/server-profile.ts";
import { injectsCallbacks } from "../../project/processes/servers.ts";
import { setsTrapExit } from "../../project/processes/trapped-exits.ts";
import { catchAllInfo } from "../../refactor/catch-all-info.ts";

export default moduleRule({
  id: "otp/no-catch-all-handle-info",
  category: "reliability",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "`handle_info` takes some messages only, and any other one ends the server with a `FunctionClauseError`.",
  check(module, cx) {
    const server = cx.about(serverProfiles, module);
    const last = server?.infos.at(-1);
    if (!server || !last || server.infos.some(takesAll) || injectsCallbacks(module, cx)) return;
    const stray = straySource(server);
    const why = stray ? `, such as what ${stray.says}` : "";
    cx.report(
      anchor(module, last, last.at),
      `No clause of \`handle_info\` takes other messages${why}: the first one ends \`${module.name}\` with a FunctionClauseError; add a last clause that logs and goes on.`,
      {
        severity: stray ? "warning" : "hint",
        related: stray ? [{ at: stray.at, message: "This brings messages of its own" }] : [],
        fixes: [suggest("Add a clause that logs other messages", catchAllInfo)],
      },
    );
  },
});

function takesAll({ params, guarded }: ClauseOfModule): boolean {
  const [message] = params;
  return !guarded && (message?.kind === "variable" || message?.kind === "any");
}

/** What makes messages that the clauses may not know. */
function straySource({ module, infos }: ServerProfile) {
  const calls = module.clauses.flatMap((clause) => clause.calls);
  // Whoever waits for a task takes its messages.
  const waits = calls.some((call) => call.module === "Task" && /^(?:await|yield)/.test(call.name));
  for (const clause of module.clauses) {
    // A monitor of a function without the state, or at the end, is one for a moment.
    if (!clause.state || clause.name === "terminate") continue;
    for (const call of clause.calls) {
      const stray = strayOf(call, waits);
      if (stray && !infos.some((info) => takes(info, stray.tag)))
        return { at: anchor(module, clause, call.at), says: stray.says };
    }
  }
  return null;
}

function takes({ params: [message] }: ClauseOfModule, tag: string): boolean {
  const first = message?.kind === "tuple" ? message.items[0] : undefined;
  return tag === "" ? first?.kind === "variable" : first?.kind === "atom" && first.value === tag;
}

/** The tag of the messages that the call brings about, `""` for such as begin with a reference. */
function strayOf(call: CallFact, waits: boolean): { readonly tag: string; readonly says: string } | null {
  const { module, name, arity } = call;
  if ((module === "Task" || module === "Task.Supervisor") && /^async(?:_nolink)?$/.test(name))
    return waits ? null : { tag: "", says: "a task sends when it is done" };
  if (module === "Process" && name === "monitor" && arity === 1)
    return { tag: "DOWN", says: "`Process.monitor/1` sends" };
  return setsTrapExit(call)
    ? { tag: "EXIT", says: "a linked process leaves when it ends, as exits are trapped" }
    : null;
}
