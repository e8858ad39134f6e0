import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import { isOpen } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest } from "../../lint/rule.ts";
import { behavesAs, messagesHandled } from "../../project/processes/servers.ts";
import { supervisors } from "../../project/processes/supervision.ts";
import { linkedTasks, lostTasks } from "../../project/processes/task-replies.ts";
import { startInstead } from "../../refactor/start-instead.ts";

export default moduleRule({
  id: "otp/task-async-not-awaited",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary:
    "The result of `Task.async` is thrown away: it comes as a message that nobody takes, and a crash takes its caller down.",
  check(module, cx) {
    for (const { clause, call, down } of linkedTasks(module))
      cx.report(
        anchor(module, clause, call.at),
        `\`${module.name}\` is linked to the task of \`${call.module}.${call.name}/${call.arity}\` and does not trap exits: when the task crashes it goes down with it, before its clause for \`:DOWN\` hears of that; use \`Task.Supervisor.async_nolink\`.`,
        { related: [{ at: anchor(module, down, down.at), message: "Waits for the end of the task" }] },
      );
    const lost = cx.about(lostTasks, module);
    if (lost.length === 0) return;
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
        `Nobody awaits the task of \`${call.module}.${call.name}/${call.arity}\`: ${fateOfResult(module)}${linked}; use \`${instead}\` for work whose result is not needed.`,
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

/** Processes whose messages come to `handle_info/2`. */
const TAKERS = ["GenServer", "GenStage", "Phoenix.LiveView", "Phoenix.Channel"];

function fateOfResult(module: ModuleFacts): string {
  if (!behavesAs(module, ...TAKERS)) return "its result stays in the mailbox of this process";
  const takesAny = messagesHandled(module).some(isOpen);
  const crashes = !takesAny && (module.byName.has("handle_info") || behavesAs(module, "Phoenix.LiveView"));
  return `its result comes to \`handle_info/2\`, ${crashes ? "which has no clause for it and crashes" : "where nobody takes it"}`;
}

function insteadOf({ module }: CallFact, supervisor: string | null): string {
  if (module === "Task.Supervisor" || supervisor === null) return "Task.Supervisor.start_child";
  return `Task.Supervisor.start_child(${supervisor}, …)`;
}
