import { type Child, type Supervisor, supervisors } from "../processes/supervision.ts";
import type { Facts } from "../project.ts";
import { type Graph, GraphBuilder } from "./graph.ts";

/** The supervision trees: who starts whom, in which order and by which strategy. With a focus: what is above and below it. */
export function supervisionGraph(facts: Facts, focus: string | null): Graph {
  const all = facts.read(supervisors);
  const shown = focus === null ? all : around(all, focus);
  const out = new GraphBuilder();
  for (const supervisor of shown) {
    const details: Record<string, string | number> = { strategy: supervisor.strategy ?? "unknown" };
    if (supervisor.maxRestarts !== null) details.max_restarts = supervisor.maxRestarts;
    if (!supervisor.complete) details.children = "not all known";
    out.node({ id: supervisor.module, label: supervisor.module, kind: "supervisor", details });
  }
  for (const supervisor of shown) {
    supervisor.children.forEach((child, i) => {
      const id = idOf(child);
      out.node({ id, label: id, kind: "process", details: detailsOf(child) });
      const sometimes = child.branch.length > 0;
      out.edge({
        from: supervisor.module,
        to: id,
        kind: sometimes ? "elsewhere" : "starts",
        label: sometimes ? `${i + 1}, sometimes` : String(i + 1),
      });
    });
  }
  return out.build();
}

/** Library processes are told apart by their names: `Phoenix.PubSub (Shop.PubSub)`. */
function idOf({ module, name }: Child): string {
  return name !== null && name !== module ? `${module} (${name})` : module;
}

function detailsOf({ restart }: Child): Record<string, string> {
  return restart === null ? {} : { restart };
}

/** The supervisors through which the module is reached from above, itself, and those below it. */
function around(all: readonly Supervisor[], focus: string): readonly Supervisor[] {
  const starts = (supervisor: Supervisor, module: string): boolean =>
    supervisor.children.some((child) => child.module === module);
  const shown = new Set<Supervisor>();
  const up = (module: string): void => {
    for (const parent of all) {
      if (shown.has(parent) || !starts(parent, module)) continue;
      shown.add(parent);
      up(parent.module);
    }
  };
  const down = (module: string): void => {
    for (const own of all) {
      if (own.module !== module || shown.has(own)) continue;
      shown.add(own);
      for (const child of own.children) down(child.module);
    }
  };
  down(focus);
  up(focus);
  return all.filter((supervisor) => shown.has(supervisor));
}
