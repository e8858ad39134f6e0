import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { anchor, type Fix, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { isExpendable } from "../../project/processes/expendable.ts";
import { isLibrary } from "../../project/processes/library.ts";
import { behavesAs, handlesMessage } from "../../project/processes/servers.ts";
import { type TaskSupervisor, taskSupervisors } from "../../project/processes/task-supervisors.ts";
import { trapsExits } from "../../project/processes/trapped-exits.ts";
import { isTool } from "../../project/tools.ts";
import { startTaskSupervisor, superviseTask } from "../../refactor/supervised-task.ts";

const SUPERVISORS = ["Supervisor", "DynamicSupervisor"];
const PROCESSES = ["GenServer", "GenStage", "GenStateMachine", "Agent", ...SUPERVISORS];
/** Processes themselves: what is linked to one of them ends with it. */
const OWNERS = [
  ...PROCESSES,
  ":gen_statem",
  ":gen_server",
  "Task",
  "WebSockex",
  "Broadway",
  "Postgrex.ReplicationConnection",
];
const VIEWS = /^Phoenix\.(?:LiveView|LiveComponent|Channel|Socket(?:\.Transport)?)$/;
/** Functions that start their process for a supervisor, or are the start of a process or program. */
const STARTS = /^(?:start|start_link|child_spec|init|main)$/;
/** Stops a part of the system, which what it stops cannot contain; or a process that was needed for a while. */
const STOPS =
  /^(?:stop|halt|poweroff|reboot|shutdown|restart|terminate|exit|unlink|close)(?:_|!?$)|_(?:stop|shutdown)$/;
/** `halt(conn)`, and the end of a task: neither of them is of the system. */
const ENDS_OTHERS = /^(?:(?:null|Plug\.Conn)\.halt|Task\.Supervisor\.\w+)$/;
const LISTS = /^(?:Process\.register|:erlang\.register|Registry\.register|:global\.register_name|:pg\.join)$/;
const CACHES = /(?:^|\.)\w*Caches?(?:\.|$)/;
/** What all functions that start a process are called, of whatever module. */
const STARTING = /^(?:spawn(?:_link)?|start(?:_link)?)$/;

export default moduleRule({
  id: "supervision/unsupervised-process",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary:
    "A process started outside of any supervision tree: nothing waits for it at shutdown, and nobody sees it fail.",
  check(module, cx) {
    if (isTool(module) || module.clauses.some(bootsApplications) || cx.read(isLibrary)) return;
    for (const clause of module.clauses) {
      if (!/^defp?$/.test(clause.keyword)) continue;
      for (const call of clause.calls) {
        const message = call.captured || !STARTING.test(call.name) ? null : messageFor(call, clause, module, cx);
        if (message === null) continue;
        const supervisor = cx.about(taskSupervisors, module);
        cx.report(anchor(module, clause, call.at), message, { fixes: supervisor ? fixesFor(call, supervisor) : [] });
      }
    }
  },
});

function messageFor(call: CallFact, clause: ClauseOfModule, module: ModuleFacts, cx: ViewContext): string | null {
  const name = call.module === null ? call.name : `${call.module}.${call.name}`;
  if (STARTS.test(clause.name) || isTool(clause) || stopsSomething(clause, call)) return null;
  if (/^(?:spawn|Task\.start)$/.test(name) && !isWatched(clause)) {
    if (isGuard(clause) || isTied(clause) || isExpendable(call, clause, module, cx)) return null;
    const isHeld = call.outcome === "held";
    // What a cache is filled with is computed again when it is asked for.
    if (isHeld && CACHES.test(module.name)) return null;
    return `\`${name}\` starts a process that no supervisor knows: it is cut off at shutdown${isHeld || isListed(clause) ? "" : ", and nobody can see or stop it"}; start it under a \`Task.Supervisor\`.`;
  }
  if (/^(?:spawn_link|Task\.start_link)$/.test(name))
    return isProcess(module) || (name === "spawn_link" && call.outcome === "kept")
      ? null
      : `\`${name}\` ties a process that no supervisor knows to whoever calls \`${clause.name}\`: a crash takes the caller down, and at shutdown nothing waits for it; start it under a \`Task.Supervisor\`.`;
  // A process with a name that is started when it is needed first: whoever needs it next finds it, or starts it again.
  return startsServer(call, module, cx) &&
    !isWatched(clause) &&
    !trapsExits(clause) &&
    call.runs !== "elsewhere" &&
    !/^(?:kept|adopted)$/.test(call.outcome)
    ? `No supervisor knows the process that \`${name}\` starts here: none restarts it or stops it in order; start it as a child of one.`
    : null;
}

/** `Server.start_link(…)` of the project, and `GenServer.start_link(Server, …)` of another module. */
function startsServer(call: CallFact, module: ModuleFacts, cx: ViewContext): boolean {
  if (!/^start(?:_link)?$/.test(call.name) || call.module === null || handlesMessage(module, "EXIT")) return false;
  // What a process starts for itself ends with it. A LiveView's static render ends normally, and leaves it behind.
  if (call.name === "start_link" && behavesAs(module, ...OWNERS)) return false;
  if (PROCESSES.includes(call.module)) return isServerStart(call) && !isModule(call.args[0], module.name);
  // A supervisor that is linked to a process is the root of a small tree of its own.
  const kinds = isProcess(module) ? PROCESSES.filter((kind) => !SUPERVISORS.includes(kind)) : PROCESSES;
  return (
    call.module !== module.name &&
    cx
      .named(call.module)
      .some(
        (other) =>
          behavesAs(other, ...kinds) &&
          (other.byName.get(call.name) ?? []).some(starts) &&
          !(call.name === "start_link" && endsInOrder(other)),
      )
  );
}

/** True for a function that starts the process itself, and does not have a supervisor do so. */
function starts({ calls }: ClauseOfModule): boolean {
  return calls.some((call) => PROCESSES.includes(call.module ?? "") && isServerStart(call));
}

/** What traps exits ends in order with the process that it is linked to, however that ends. */
function endsInOrder({ byName }: ModuleFacts): boolean {
  return (byName.get("init") ?? []).some(trapsExits);
}

/** What is started waits for the end of the process that it monitors, and ends with it; not for one that it starts itself. */
function isGuard({ calls }: ClauseOfModule): boolean {
  const inner = calls.filter(({ runs }) => runs === "elsewhere");
  return inner.some(({ name }) => name === "monitor") && !inner.some(({ name }) => /^(?:start|async|spawn)/.test(name));
}

/** The first that is done in what is started ties it to a process with a name, with which it ends: `Process.link(Process.whereis(Depot.Scales))`. */
function isTied({ calls }: ClauseOfModule): boolean {
  const [first, second] = calls.filter(({ runs }) => runs === "elsewhere");
  const link = first?.name === "whereis" ? second : first;
  const [to] = link?.args ?? [];
  return link?.module === "Process" && link.name === "link" && to?.kind === "call" && to.name === "whereis";
}

function isServerStart({ name }: CallFact): boolean {
  return name === "start" || name === "start_link";
}

function isModule(shape: Shape | undefined, name: string): boolean {
  return shape?.kind === "module" && shape.value === name;
}

function isProcess(module: ModuleFacts): boolean {
  return behavesAs(module, ...OWNERS) || module.uses.some((use) => VIEWS.test(use.module));
}

/** `Application.load(:shop)`, `Application.ensure_all_started(:ssl)`: a release task or script, in a node of its own. */
function bootsApplications({ calls }: ClauseOfModule): boolean {
  return calls.some(({ module, name }) => module === "Application" && /^(?:load|ensure_all_started)$/.test(name));
}

/** What it starts, or the function around it, stops a process or the node. */
function stopsSomething({ calls }: ClauseOfModule, start: CallFact): boolean {
  const [module, name] = start.args;
  return (
    calls.some((call) => call !== start && STOPS.test(call.name) && !ENDS_OTHERS.test(`${call.module}.${call.name}`)) ||
    (module?.kind === "module" && name?.kind === "atom" && STOPS.test(name.value))
  );
}

/** True where the process says itself where it is found: `Registry.register(Depot.Jobs, id, nil)`. */
function isListed({ calls }: ClauseOfModule): boolean {
  return calls.some(({ module, name, runs }) => runs === "elsewhere" && LISTS.test(`${module}.${name}`));
}

function isWatched({ calls }: ClauseOfModule): boolean {
  return calls.some(
    ({ module, name, runs }) =>
      /^(?:Process|:erlang)$/.test(module ?? "") && name === "monitor" && runs !== "elsewhere",
  );
}

function fixesFor({ module, name }: CallFact, { name: supervisor, place }: TaskSupervisor): readonly Fix[] {
  if (!(module === "Task" || (module === null && /^spawn(?:_link)?$/.test(name)))) return [];
  return [
    suggest(`Start it under \`${supervisor}\``, (source) => {
      const started = superviseTask(source, supervisor);
      const added = startTaskSupervisor(source, supervisor, place);
      return started && added && [...started, ...added];
    }),
  ];
}
