import type { Anchor, CallFact, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { isTest } from "../calls/call-graph.ts";
import { clausesCalling } from "../calls/calling.ts";
import type { ByModule, View } from "../project.ts";
import { supervisors } from "./supervision.ts";

/** A place where a supervisor of the project gets a child by its module's own specification. */
export interface ChildStart {
  readonly at: Anchor;
  /** True for `DynamicSupervisor.start_child(…, {Module, argument})` and its like. */
  readonly dynamic: boolean;
  /** What is said of it there. */
  readonly restart: string | null;
  readonly shutdown: string | null;
  readonly type: string | null;
}

const NONE: readonly ChildStart[] = [];

/** By module, where it is started as a child: in lists of supervisors, and by `start_child` where the module is written out. */
export const childStarts: View<ByModule<readonly ChildStart[]>> = {
  name: "child starts",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const lists = [facts.read(supervisors), facts.collect(startedIn)] as const;
    if (previous instanceof Starts && previous.lists.every((list, i) => list === lists[i])) return previous;
    const found = new Map<string, ChildStart[]>();
    const add = (module: string, start: ChildStart): void => {
      const known = found.get(module);
      if (known) known.push(start);
      else found.set(module, [start]);
    };
    for (const { children } of lists[0]) {
      for (const { module, at, restart, shutdown, type } of children)
        add(module, { at, dynamic: false, restart, shutdown, type });
    }
    for (const { child, start } of lists[1]) add(child, start);
    const before = previous instanceof Starts ? previous.all : null;
    const kept = new Map(
      [...found].map(([module, starts]) => {
        const former = before?.get(module);
        return [module, former && JSON.stringify(former) === JSON.stringify(starts) ? former : starts] as const;
      }),
    );
    return new Starts(kept, lists);
  },
};

class Starts implements ByModule<readonly ChildStart[]> {
  constructor(
    readonly all: ReadonlyMap<string, readonly ChildStart[]>,
    /** What it was made of. */
    readonly lists: readonly unknown[],
  ) {}

  of(module: ModuleFacts): readonly ChildStart[] {
    return this.all.get(module.name) ?? NONE;
  }
}

interface Started {
  readonly child: string;
  readonly start: ChildStart;
}

const NOT_STARTED: readonly Started[] = [];

function startedIn(module: ModuleFacts): readonly Started[] {
  const keepers = isTest(module) ? [] : [...module.byCalled.keys()].filter((called) => called.endsWith("Supervisor"));
  if (keepers.length === 0) return NOT_STARTED;
  return clausesCalling(module, ...keepers).flatMap((clause) =>
    clause.calls.flatMap((call) => {
      const child = startedChild(call);
      const at = { path: module.path, form: clause.form, at: call.at };
      return child === null ? [] : [{ child, start: { at, dynamic: true, restart: null, shutdown: null, type: null } }];
    }),
  );
}

/** The module of `start_child(supervisor, Module)` and `start_child(supervisor, {Module, argument})`; null for any other call. */
export function startedChild({ module, name, args }: CallFact): string | null {
  if (name !== "start_child" || !module?.endsWith("Supervisor") || module === "Task.Supervisor") return null;
  const spec: Shape | undefined = args[1]?.kind === "tuple" && args[1].items.length === 2 ? args[1].items[0] : args[1];
  return spec?.kind === "module" ? spec.value : null;
}
