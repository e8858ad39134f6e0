import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { supervisors } from "../../project/processes/supervision.ts";
import { startInstead } from "../../refactor/start-instead.ts";

const STARTS = /^Task\.(?:async|Supervisor\.async(?:_nolink)?)$/;

export default moduleRule({
  id: "otp/task-async-not-awaited",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary:
    "The result of `Task.async` is thrown away: it comes as a message that nobody takes, and a crash takes its caller down.",
  check(module, cx) {
    const lost = module.clauses.flatMap((clause) => clause.calls.filter(isLost).map((call) => ({ clause, call })));
    if (lost.length === 0 || enclosing(module).some((name) => cx.named(name).some(takesResults))) return;
    const tasks = cx
      .read(supervisors)
      .flatMap(({ children }) => children.filter((child) => child.module === "Task.Supervisor"));
    const supervisor = tasks.length === 1 ? (tasks[0]?.name ?? null) : null;
    for (const { clause, call } of lost) {
      const linked = call.name.endsWith("_nolink") ? "" : ", and when the task crashes, this process goes down with it";
      const instead = insteadOf(call, supervisor);
      const title = `Use \`${instead}\``;
      cx.report(
        anchor(module, clause, call.at),
        `Nobody awaits the task of \`${call.module}.${call.name}/${call.arity}\`: its result stays in the mailbox of this process${linked}; use \`${instead}\` for work whose result is not needed.`,
        // Without a supervisor the task would be another process that nobody knows.
        {
          fixes:
            supervisor === null && call.module === "Task"
              ? []
              : [suggest(title, (source) => startInstead(source, supervisor))],
        },
      );
    }
  },
});

function isLost(call: CallFact): boolean {
  return call.outcome === "discarded" && STARTS.test(`${call.module}.${call.name}`) && !call.template;
}

function insteadOf({ module }: CallFact, supervisor: string | null): string {
  if (module === "Task.Supervisor" || supervisor === null) return "Task.Supervisor.start_child";
  return `Task.Supervisor.start_child(${supervisor}, …)`;
}

/** The module and those around it: the state of a server may be a module inside of it. */
function enclosing({ name }: ModuleFacts): string[] {
  const parts = name.split(".");
  return parts.map((_, i) => parts.slice(0, i + 1).join("."));
}

/** True when `handle_info` has a clause for `{ref, result}`, or one that takes anything and looks at it. */
function takesResults({ byName }: ModuleFacts): boolean {
  const infos = (byName.get("handle_info") ?? []).map(({ params: [message] }) => message);
  const events = (byName.get("handle_event") ?? []).flatMap(({ params: [kind, message] }) =>
    kind?.kind === "atom" && kind.value === "info" ? [message] : [],
  );
  return [...infos, ...events].some((message) => {
    if (message?.kind === "variable") return !message.name.startsWith("_");
    const [ref] = message?.kind === "tuple" && message.items.length === 2 ? message.items : [];
    return ref?.kind === "variable" || ref?.kind === "any";
  });
}
