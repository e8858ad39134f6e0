import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { optionOf, specifyingUse } from "../../server/src/project/processes/child-spec.ts";
import { childStarts } from "../../server/src/project/processes/child-starts.ts";
import { taskSupervisors } from "../../server/src/project/processes/task-supervisors.ts";
import type { Project } from "../../server/src/project/project.ts";
import { projectOn } from "../support/facts.ts";

const TREE = `defmodule A.Application do
  use Application

  def start(_type, _args) do
    Supervisor.start_link([A.Fixed, Supervisor.child_spec(A.Fixed, id: 2, restart: :temporary)], strategy: :one_for_one)
  end
end

defmodule A.Fixed do
  use GenServer, restart: :transient

  def more(arg), do: DynamicSupervisor.start_child(A.Sup, {A.Many, arg})
  def spec(spec), do: DynamicSupervisor.start_child(A.Sup, spec)
  def task(fun), do: Task.Supervisor.start_child(A.Tasks, A.Many)
end

defmodule A.Many do
  use Agent
  def child_spec(arg), do: arg
end
`;

function moduleOf(project: Project, name: string) {
  const [module] = project.named(name);
  assert.ok(module);
  return module;
}

describe("where modules are started as children", () => {
  const { project } = projectOn({ "lib/a.ex": TREE });
  const starts = (name: string): string[] =>
    project
      .read(childStarts)
      .of(moduleOf(project, name))
      .map(({ dynamic, restart }) => `${dynamic} ${restart}`);

  it("knows lists and `start_child`", () => {
    assert.deepEqual(starts("A.Fixed"), ["false null", "false temporary"]);
    assert.deepEqual(starts("A.Many"), ["true null"]);
    assert.deepEqual(starts("A.Application"), []);
  });

  it("keeps the answer for a module that means the same", () => {
    const before = project.read(childStarts).of(moduleOf(project, "A.Many"));
    const other = projectOn({ "lib/b.ex": "defmodule B do\n  def f, do: 1\nend\n" });
    project.set("lib/b.ex", other.project.modules());
    assert.equal(project.read(childStarts).of(moduleOf(project, "A.Many")), before);
  });

  it("reads the options of the `use` that gives a specification", () => {
    const form = specifyingUse(moduleOf(project, "A.Fixed"));
    assert.equal(form && optionOf(form, "restart"), "transient");
    assert.equal(specifyingUse(moduleOf(project, "A.Many")), null);
  });
});

describe("the task supervisor of a module", () => {
  const application = (children: string): Project =>
    projectOn({
      "lib/a.ex": `defmodule A.Application do\n  use Application\n  def start(_, _), do: Supervisor.start_link([${children}], strategy: :one_for_one)\nend\ndefmodule A.B do\nend\ndefmodule C do\nend\n`,
    }).project;
  const of = (project: Project, name: string) => project.read(taskSupervisors).of(moduleOf(project, name));

  it("is the one that is there", () => {
    const project = application("A.Repo, {Task.Supervisor, name: A.Jobs}");
    assert.deepEqual(of(project, "A.B"), { name: "A.Jobs", place: null });
    assert.equal(of(project, "C"), null);
  });

  it("is to be added before the endpoint where there is none", () => {
    const found = of(application("A.Repo, AWeb.Endpoint"), "A.B");
    assert.equal(found?.name, "A.TaskSupervisor");
    assert.equal(found?.place?.where, "before");
  });
});
