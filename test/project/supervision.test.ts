import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startNeeds } from "../../server/src/project/processes/start-needs.ts";
import { exclude, supervisors } from "../../server/src/project/processes/supervision.ts";
import { projectOn } from "../support/facts.ts";

const APPLICATION = `defmodule A.Application do
  use Application

  def start(_type, _args) do
    children = [A.Repo | workers(mode())] ++ last()
    Supervisor.start_link(children, strategy: :one_for_one)
  end

  defp workers(:test), do: [A.Fake]
  defp workers(mode) do
    if mode == :live, do: [{A.Worker, name: A.One}, A.Live], else: [A.Worker]
  end

  defp last, do: [A.Last]
  defp mode, do: Application.get_env(:a, :mode)
end
`;

describe("supervisors", () => {
  const { project } = projectOn({ "lib/a.ex": APPLICATION });
  const [top] = project.read(supervisors);

  it("have the children of their module's functions, in order", () => {
    assert.deepEqual(
      top?.children.map(({ module, name }) => (name ? `${module} ${name}` : module)),
      ["A.Repo", "A.Fake", "A.Worker A.One", "A.Live", "A.Worker", "A.Last"],
    );
    assert.equal(top?.complete, true);
    assert.equal(top?.application, true);
  });

  it("know which of them no run has together", () => {
    const children = top?.children ?? [];
    const pairs = children.flatMap((a, i) =>
      children.slice(i + 1).flatMap((b, n) => (exclude(a, b) ? [`${i}-${i + 1 + n}`] : [])),
    );
    assert.deepEqual(pairs, ["1-2", "1-3", "1-4", "2-4", "3-4"]);
  });

  it("are not complete with a part that cannot be read", () => {
    const text = APPLICATION.replace("[A.Last]", "A.Elsewhere.children()");
    const [other] = projectOn({ "lib/a.ex": text }).project.read(supervisors);
    assert.equal(other?.complete, false);
    assert.equal(other?.children.length, 5);
  });

  it("stay the same value while they mean the same", () => {
    const mix = projectOn({ "lib/a.ex": APPLICATION, "lib/b.ex": "defmodule B do\ndef f, do: g()\nend\n" });
    const before = mix.project.read(supervisors);
    mix.update("/app/lib/b.ex", "defmodule B do\ndef f, do: h()\nend\n");
    mix.refresh(true);
    assert.equal(mix.project.read(supervisors), before);
  });
});

describe("what a process needs to start", () => {
  it("is found through its own functions and the client function of another", () => {
    const { project } = projectOn({
      "lib/a.ex": `defmodule A.Worker do
  use GenServer
  def start_link(id), do: GenServer.start_link(__MODULE__, id, name: {:via, Registry, {A.Names, id}})
  def init(id) do
    Task.start(fn -> A.Repo.all(A.Other) end)
    {:ok, prepare(id), {:continue, :load}}
  end
  def handle_continue(:load, state), do: {:noreply, {state, A.Context.list()}}
  def handle_continue(:other, state), do: {:noreply, A.Other.get(state)}
  def handle_info(_, state), do: {:noreply, A.Late.get()}
  defp prepare(id), do: A.Store.join(self(), id)
end
defmodule A.Store do
  def join(server \\\\ A.Store, pid, id), do: ask(server, {:join, pid, id})
  defp ask(server, message), do: GenServer.call(server, message)
end
defmodule A.Context do
  def list, do: A.Repo.all(A.Row)
end
`,
    });
    const [module] = project.named("A.Worker");
    assert.ok(module);
    assert.deepEqual(
      project
        .read(startNeeds)
        .of(module)
        .map((need) => `${need.stage} ${need.kind} ${need.target} ${need.givesSelf}`),
      ["init wait A.Store true", "handle_continue repo A.Repo false", "start_link library A.Names false"],
    );
  });
});
