import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { entry, isAtomShape, nameOf } from "../../facts/shape.ts";
import { anchor, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { clausesIn, isLocalCall } from "../../project/calls/clauses.ts";
import { behavesAs, continuations, handlesMessage, multiplicity } from "../../project/processes/servers.ts";
import { moduleTrapsExits } from "../../project/processes/trapped-exits.ts";
import { supervisorModule } from "../../refactor/supervisor-module.ts";

/** How many helper functions deep a start is looked for. */
const DEPTH = 4;
const STARTS = /^start(?:_link)?$/;
/** What a module uses that is a process. */
const PROCESSES = ["GenServer", "GenStage", "GenStateMachine", "Agent", "Task", "Supervisor", "DynamicSupervisor"];
/** Modules of Elixir whose `start_link` starts a process given to it. */
const GENERIC = [
  "GenServer",
  "Agent",
  "Supervisor",
  "DynamicSupervisor",
  "Task.Supervisor",
  "Registry",
  "GenStage",
  "PartitionSupervisor",
];

const SUPERVISORS = ["Supervisor", "DynamicSupervisor", "Task.Supervisor", "PartitionSupervisor"];
/** A supervisor ends with the process that started it, for whatever reason that one ends. */
const isSupervisor = ({ call: { module } }: Start, cx: ViewContext): boolean =>
  module !== null &&
  (SUPERVISORS.includes(module) || cx.named(module).some((child) => behavesAs(child, ...SUPERVISORS)));

/**
 * A supervisor without a name whose pid goes into the state: it ends with the server, whatever ends that one, starts none of its
 * tasks again, and an `init` makes it anew.
 */
function isForOwnTasks({ clause, call }: Start): boolean {
  if (call.module !== "Task.Supervisor" || call.args.some((options) => entry(options, "name"))) return false;
  return clause.callback?.keeps.some((kept) => kept.call === "Task.Supervisor.start_link") === true;
}

/** A start in `init`, and the module it starts. */
interface Start {
  readonly clause: ClauseOfModule;
  readonly call: CallFact;
  readonly child: string;
}

export default moduleRule({
  id: "supervision/children-started-in-init",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary: "A GenServer that starts other processes in `init`: nobody restarts them or shuts them down in order.",
  check(module, cx) {
    if (!behavesAs(module, "GenServer", "GenStage") || behavesAs(module, "Supervisor", "DynamicSupervisor")) return;
    const starts = startsInInit(module, cx);
    const first = starts[0];
    if (!first) return;
    // `Process.flag(:trap_exit, true)` and a clause for the exits: the server looks after its children itself.
    const watches = handlesMessage(module, "EXIT");
    // A supervisor whose exit the server handles has taken care of the processes below it.
    const tree = starts.every((start) => isSupervisor(start, cx));
    if (watches && tree) return;
    // What runs a function and is done some day is no child: its end comes as a message.
    if (watches && moduleTrapsExits(module) && starts.every(({ child }) => child === "spawn_link")) return;
    if (starts.every(isForOwnTasks)) return;
    if (starts.every((start) => start.call.name !== "start") && looksAfter(module, tree)) return;
    const children = [...new Set(starts.map((start) => `\`${start.child}\``))].join(" and ");
    const several = starts.length > 1 || first.call.loop >= 0;
    // What is linked stays behind a normal end only.
    const stays = !tree && module.clauses.some(endsNormally);
    const fate = fateOf(starts, several, moduleTrapsExits(module) && !watches, stays);
    const simple = module.clauses.every((clause) => !clause.callback || clause.name === "init");
    cx.report(
      anchor(module, first.clause, first.call.at),
      `\`${module.name}\` starts ${children} by hand while it initialises: ${fate}; start ${several ? "them" : "it"} under a supervisor.`,
      {
        related: starts.slice(1).map((start) => ({
          at: anchor(module, start.clause, start.call.at),
          message: `\`${start.child}\` is started here`,
        })),
        fixes: simple ? [suggest("Turn the module into a `Supervisor`", supervisorModule)] : [],
        ...(watches ? { severity: "hint" as const } : {}),
      },
    );
  },
});

/**
 * True for a server whose linked processes go with it: one of many that never ends with `:normal` or has supervisors only, one
 * that stops them before it does, or one that traps exits and tidies up.
 */
function looksAfter(module: ModuleFacts, tree: boolean): boolean {
  if (module.byName.has("terminate") && moduleTrapsExits(module)) return true;
  const endsByItself = module.clauses.some(endsNormally);
  if (!endsByItself && module.clauses.some((clause) => stopsWith(clause, "normal"))) return true;
  const isStart = ({ module: by, name, args: [of] }: CallFact): boolean =>
    by === "GenServer" && STARTS.test(name) && nameOf(of) === module.name;
  const starts = module.clauses.some(({ calls }) => calls.some(isStart));
  return starts && multiplicity(module) !== "one" && (tree || !endsByItself);
}

function endsNormally(clause: ClauseOfModule): boolean {
  if (clause.calls.some(({ module, name }) => module === "GenServer" && name === "stop")) return true;
  return stopsWith(clause, "normal") && !stopsAnother(clause);
}

function stopsWith({ callback }: ClauseOfModule, reason: string): boolean {
  return (callback?.returns ?? []).some(
    (way) => way.kind === "tuple" && isAtomShape(way.items[0], "stop") && isAtomShape(way.items[1], reason),
  );
}

/** `Feed.stop(state.feed)` before the end of the server: it takes its children along. */
function stopsAnother({ calls }: ClauseOfModule): boolean {
  return calls.some(({ module, name }) => module !== null && /^(?:stop|terminate_child|exit)$/.test(name));
}

/** What becomes of the started processes: linked ones survive a normal end of the server, supervisors do not. */
function fateOf(starts: readonly Start[], several: boolean, ignored: boolean, stays: boolean): string {
  const [they, them, are, outlive] = several ? ["they", "them", "are", "outlive"] : ["it", "it", "is", "outlives"];
  if (starts.every((start) => start.call.name === "start")) {
    return `${they} ${are} not linked, so nothing restarts ${them}, and ${they} ${outlive} this server`;
  }
  const fallout = ignored ? "no clause takes its exit and nobody starts it again" : "this server goes down too";
  const crash = `when ${several ? "one of them" : "it"} crashes ${fallout}`;
  if (!stays) return `${crash}, and ${they} ${several ? "have" : "has"} no place in the supervision tree`;
  return `${crash}, and when the server stops with \`:normal\` ${they} ${several ? "stay" : "stays"} behind`;
}

function startsInInit(module: ModuleFacts, cx: ViewContext): Start[] {
  const out: Start[] = [];
  const seen = new Set<ClauseOfModule>();
  let ends = false;
  const read = (clause: ClauseOfModule, depth: number): void => {
    if (seen.has(clause)) return;
    seen.add(clause);
    for (const call of clause.calls) {
      if (call.runs !== "inline") continue;
      if (isEnd(call)) ends = true;
      const child = startedBy(call, module, cx);
      if (child) out.push({ clause, call, child });
      else if (depth < DEPTH && isLocalCall(module, call)) {
        for (const target of clausesIn(module, call.name, call.arity, call.args)) read(target.clause, depth + 1);
      }
    }
    for (const message of continuations(clause)) {
      for (const next of clausesIn(module, "handle_continue", 2, [message])) read(next.clause, depth + 1);
    }
  };
  for (const clause of module.clauses) if (clause.name === "init" && clause.callback) read(clause, 0);
  // What it needs for a moment, it ends itself.
  return ends ? [] : out;
}

/**
 * What the call starts, as a person would name it. A connection of a library, also behind a module of the project that
 * is no process itself, is a resource that the server owns, and no child.
 */
function startedBy(call: CallFact, module: ModuleFacts, cx: ViewContext): string | null {
  if (call.name === "spawn_link" && (call.module === null || call.module === "Kernel")) return "spawn_link";
  if (!STARTS.test(call.name) || call.module === null || call.module === module.name) return null;
  if (isSingleton(call) && handlesMessage(module, "DOWN")) return null;
  if (!GENERIC.includes(call.module)) {
    const started = cx.named(call.module);
    const own = started.length === 0 && call.name === "start_link" && rootOf(call.module) === rootOf(module.name);
    const isStart = (other: ModuleFacts): boolean =>
      behavesAs(other, ...PROCESSES) && !(other.byName.get(call.name) ?? []).some(startsChild);
    return own || started.some(isStart) ? call.module : null;
  }
  return (/^Gen/.test(call.module) ? nameOf(call.args[0]) : null) ?? call.module;
}

/** One of the whole cluster, which another node may have started: a supervisor of each node would fail on all but one. */
function isSingleton({ args }: CallFact): boolean {
  return args.some((options) => {
    const name = entry(options, "name");
    return name?.kind === "tuple" && isAtomShape(name.items[0], "global");
  });
}

/** `def start(id), do: DynamicSupervisor.start_child(__MODULE__, spec(id))`: what it starts has a supervisor. */
function startsChild({ calls }: ClauseOfModule): boolean {
  return calls.some(({ name }) => name === "start_child");
}

/** `Process.exit(pid, :kill)`, `Supervisor.stop(pid)` */
function isEnd({ module, name, args: [pid] }: CallFact): boolean {
  return (
    /^(?:Process\.exit|(?:GenServer|Supervisor|Agent)\.stop)$/.test(`${module}.${name}`) && pid?.kind === "variable"
  );
}

/** `Shop.Orders` belongs to `Shop`. */
function rootOf(module: string): string {
  return module.split(".")[0] ?? "";
}
