import { projectRule, type ViewContext } from "../../lint/rule.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import { type Child, exclude, type Supervisor, supervisors } from "../../project/processes/supervision.ts";

/** From how many workers of its own an application wants supervisors. */
const WORKERS = 8;
const WORKER = ["GenServer", "GenStage", "GenStateMachine", "Agent", "Task", "Broadway", ":gen_statem"];
const SUPERVISOR = ["Supervisor", "DynamicSupervisor"];
/** What the generators and libraries put there; a supervisor among them groups nothing of the application's own. */
const INFRASTRUCTURE =
  /(?:^|\.)(?:\w*Repo|\w*Endpoint|\w*Telemetry|\w*Presence|\w*PromEx|\w*PubSub|\w*Vault|\w*Mailer|Metrics)$/;

export default projectRule({
  id: "supervision/flat-tree",
  category: "reliability",
  severity: "information",
  since: "0.1.0",
  summary: "All workers of an application under one supervisor: one that flaps takes all of them down.",
  check(cx) {
    for (const supervisor of cx.read(supervisors)) {
      if (!supervisor.application) continue;
      const workers = workersOf(supervisor, cx);
      if (workers.length < WORKERS) continue;
      const groups = groupsOf(workers);
      const budget = supervisor.maxRestarts ?? "3";
      const advice = groups.length > 0 ? `, such as ${groups.join(" and ")}` : "";
      cx.report(
        supervisor.at,
        `${workers.length} workers stand side by side under this supervisor and share its ${budget} restarts, so one that keeps failing takes the whole application down; group them under supervisors of their own${advice}.`,
      );
    }
  },
});

/** The modules of the workers; none when the list has a supervisor of the project too. */
function workersOf({ children }: Supervisor, cx: ViewContext): string[] {
  const workers = new Set<string>();
  for (const { module } of children) {
    if (INFRASTRUCTURE.test(module)) continue;
    const own = cx.named(module);
    if (own.some((defined) => behavesAs(defined, ...SUPERVISOR))) return [];
    if (isAlways(module, children) && own.some((defined) => behavesAs(defined, ...WORKER))) workers.add(module);
  }
  return [...workers];
}

/** Not only under some condition: in no way of a choice, or in several. */
function isAlways(module: string, children: readonly Child[]): boolean {
  const same = children.filter((child) => child.module === module);
  return same.some((child) => child.branch.length === 0 || same.some((other) => exclude(child, other)));
}

/** The namespaces that have several of the workers, with them. */
function groupsOf(workers: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const worker of workers) {
    const namespace = worker.slice(0, worker.lastIndexOf("."));
    groups.set(namespace, [...(groups.get(namespace) ?? []), worker]);
  }
  return [...groups].flatMap(([namespace, members]) =>
    members.length > 1 && namespace.includes(".")
      ? [`\`${namespace}.Supervisor\` (${members.map((member) => `\`${member}\``).join(", ")})`]
      : [],
  );
}
