import type { ModuleFacts } from "../../facts/facts.ts";
import type { ByModule, View } from "../project.ts";
import { applicationOf, namespaceOf, type Place, placeIn } from "./application-place.ts";
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
    if (previous instanceof Choices && previous.made === all) return previous;
    const choices = applications.map((application) => choiceFor(application, all));
    const same = previous instanceof Choices && JSON.stringify(previous.choices) === JSON.stringify(choices);
    return new Choices(all, applications, same ? previous.choices : choices);
  },
};

class Choices implements ByModule<TaskSupervisor | null> {
  private readonly known = new Map<string, TaskSupervisor | null>();

  constructor(
    readonly made: readonly Supervisor[],
    private readonly applications: readonly Supervisor[],
    readonly choices: readonly (TaskSupervisor | null)[],
  ) {}

  of({ name }: ModuleFacts): TaskSupervisor | null {
    let choice = this.known.get(name);
    if (choice === undefined) {
      const application = applicationOf(name, this.applications);
      choice = application ? (this.choices[this.applications.indexOf(application)] ?? null) : null;
      this.known.set(name, choice);
    }
    return choice;
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
