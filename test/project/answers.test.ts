import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isAnsweredAtOnce, type Servers } from "../../server/src/project/processes/answers.ts";
import { projectOn } from "../support/facts.ts";

/** Whether the call in `ask/1` of a server with these callbacks is answered at once. */
function isQuick(callbacks: string, message = "{:ask, text}"): boolean {
  const { project } = projectOn({
    "lib/a.ex": `defmodule A do
  use GenServer
  def ask(text), do: GenServer.call(__MODULE__, ${message}, 60_000)
  ${callbacks}
end
`,
  });
  const [module] = project.named("A");
  const [call] = module?.byName.get("ask")?.[0]?.calls ?? [];
  assert.ok(module && call);
  const servers: Servers = { named: (name) => project.named(name), about: (view, of) => project.read(view).of(of) };
  return isAnsweredAtOnce(call, module, servers);
}

const KNOWN = "def handle_call({:ask, text}, _from, state), do: {:reply, text, state}";

describe("a server answers at once", () => {
  it("where the clauses that take the message do nothing that takes time", () => {
    assert.ok(isQuick(KNOWN));
    assert.ok(isQuick(`${KNOWN}\ndef handle_call(:slow, _from, state), do: {:reply, Repo.all(A), state}`));
    assert.ok(isQuick("def handle_call({:ask, t}, _, s) do\nTask.shutdown(s.task, :brutal_kill)\n{:reply, t, s}\nend"));
  });

  it("not where one of them waits, answers later, or is not known", () => {
    const others = [
      "def handle_call({:ask, text}, _from, state), do: {:reply, Req.get!(text), state}",
      "def handle_call({:ask, text}, _from, state), do: {:reply, GenServer.call(B, text), state}",
      "def handle_call({:ask, t}, _, s) do\nTask.shutdown(s.task)\n{:reply, t, s}\nend",
      "def handle_call({:ask, _text}, _from, state), do: {:noreply, state}",
      "def handle_call({:ask, text}, from, state), do: answer(text, from, state)",
      "def handle_call(:other, _from, state), do: {:reply, 1, state}",
      "def handle_cast({:ask, _text}, state), do: {:noreply, state}",
    ];
    for (const other of others) assert.ok(!isQuick(other), other);
  });

  it("nor while it may be busy with another message", () => {
    assert.ok(!isQuick(`${KNOWN}\ndef handle_info(:poll, state), do: {:noreply, Map.put(state, :r, Req.get!("/"))}`));
  });
});
