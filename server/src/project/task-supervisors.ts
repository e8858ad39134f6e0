import type { ModuleFacts } from "../facts/facts.ts";
import { applicationOf, namespaceOf, type Place, placeIn } from "./application-place.ts";
import type { ByModule, View } from "./project.ts";
import { type Supervisor, supervisors } from "./supervision.ts";

/** A `Task.Supervisor` for the tasks of a module. */
export interface TaskSupervisor {
  readonly name: string;
  /** Where its application is to start it; null when something starts it already. */
  readonly place: Place | null;
}

/** By module, the `Task.Supervisor` of its application: the one that is there, or one to be added; null where nobody knows. */
export const taskSupervisors: View<ByModule<TaskSupervisor | null>> = {
  name: "task supervisors",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const all = facts.read(supervisors);
    const applications = all.filter((supervisor) => supervisor.application);
    const choices = applications.map((application) => choiceFor(application, all));
    if (previous instanceof Choices && JSON.stringify(previous.choices) === JSON.stringify(choices)) {
      // The same applications in the same order: their places are in what was compared.
      return new Choices(applications, previous.choices);
    }
    return new Choices(applications, choices);
  },
};

class Choices implements ByModule<TaskSupervisor | null> {
  constructor(
    private readonly applications: readonly Supervisor[],
    readonly choices: readonly (TaskSupervisor | null)[],
  ) {}

  of(module: ModuleFacts): TaskSupervisor | null {
    const application = applicationOf(module.name, this.applications);
    return application ? (this.choices[this.applications.indexOf(application)] ?? null) : null;
  }
}

function choiceFor(application: Supervisor, all: readonly Supervisor[]): TaskSupervisor | null {
  const namespace = namespaceOf(application);
  const own = [application, ...all.filter(({ module }) => module.startsWith(`${namespace}.`))];
  for (const { children } of own) {
    const there = children.find(
      ({ module, name, branch }) => module === "Task.Supervisor" && name !== null && !branch.length,
    );
    if (there?.name) return { name: there.name, place: null };
  }
  const place = application.complete || application.children.length > 0 ? placeIn(application) : null;
  return place && { name: `${namespace}.TaskSupervisor`, place };
}
