import assert from "node:assert/strict";
import { it } from "node:test";
import { clientUses } from "../../server/src/project/processes/client-uses.ts";
import { processInterfaces } from "../../server/src/project/processes/process-interfaces.ts";
import { clientsOf, overlap, ownCalls, serverProfiles } from "../../server/src/project/processes/server-profile.ts";
import { projectOn } from "../support/facts.ts";

const SERVER = `defmodule A do
  use GenServer
  def mark(x), do: GenServer.call(A, {:mark, x})
  def init(_), do: {:ok, :ets.new(:marks, [:named_table, :public])}
  def handle_call({:mark, x}, _from, s), do: {:reply, x, s}
  def handle_info(_, s), do: {:noreply, s}
end
`;

it("says what the callbacks of a server do together, and keeps its answer while the module stays the same", () => {
  const project = projectOn({ "lib/a.ex": SERVER, "lib/b.ex": "defmodule B do\ndef f, do: 1\nend\n" });
  const [module] = project.project.named("A");
  assert.ok(module);
  const profile = project.project.read(serverProfiles).of(module);
  assert.deepEqual(
    profile?.handlers.map(({ name }) => name),
    ["handle_call", "handle_info"],
  );
  assert.deepEqual(
    profile?.tables.map(({ name, access }) => [name, access]),
    [[":marks", "public"]],
  );
  project.update("/app/lib/b.ex", "defmodule B do\ndef f, do: GenServer.call(A, :x)\nend\n");
  project.refresh(true);
  assert.equal(project.project.read(serverProfiles).of(module), profile);
});

it("knows who speaks to a process by its messages, and who hears its answers", () => {
  const caller = (name: string, body: string) => `defmodule ${name} do\ndef f(x) do\n${body}\n:ok\nend\nend\n`;
  const { project } = projectOn({
    "lib/a.ex": SERVER,
    "lib/b.ex": caller("B", "GenServer.call(A, {:mark, x})"),
    "lib/c.ex": caller("C", ":ets.insert(:marks, x)\nA.mark(x)"),
    "test/d.exs": caller("D", "GenServer.call(A, {:mark, x})"),
  });
  const found = project.read(processInterfaces).map(({ owner, table, contacts }) => [owner, table, contacts[0]?.from]);
  assert.deepEqual(found, [
    ["A", false, "B"],
    ["A", true, "C"],
  ]);
  const [module] = project.named("A");
  assert.ok(module);
  assert.deepEqual(
    project
      .read(clientUses)
      .of(module)
      .map(({ clause, unheard, callers }) => [clause.name, unheard, callers.length]),
    [["mark", true, 1]],
  );
});

it("knows the functions that ask for what a clause answers, and what the clause runs beyond computing", () => {
  const { project } = projectOn({
    "lib/a.ex": `defmodule A do
  use GenServer
  def get(s, k), do: GenServer.call(s, {:get, k})
  def all(s), do: GenServer.call(s, :all)
  def ask(s, message), do: GenServer.call(s, message)
  def handle_call({:get, k}, _from, s), do: {:reply, look(String.to_atom(s), k), s}
  def handle_call(:all, _from, s), do: {:reply, B.all(s), s}
  defp look(t, k), do: t |> :ets.lookup(k) |> List.first()
end
`,
  });
  const [module] = project.named("A");
  const [get, all] = module?.byName.get("handle_call") ?? [];
  assert.ok(module && get && all);
  const said = [get, all].map((clause) => [
    clientsOf(module, clause).map(({ client }) => client.name),
    ownCalls(module, clause)?.map((call) => `${call.module}.${call.name}`),
  ]);
  assert.deepEqual(said, [
    [["get"], [":ets.lookup"]],
    [["all"], ["B.all"]],
  ]);
});

it("takes a field and its parts for the same", () => {
  assert.ok(overlap("a", "a.b") && overlap("a.b", "a") && overlap("", "a") && !overlap("a", "ab"));
});
