import assert from "node:assert/strict";
import { describe } from "node:test";
import { secondSteps } from "../../server/src/project/processes/second-step.ts";
import { projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const CALLED = "def start_link(x), do: GenServer.start_link(A, x, name: A)\n";
const NAMED = `${CALLED}def handle_call(:all, _, s), do: {:reply, s, s}\n`;
const LOADS = "def handle_info(:load, s), do: {:noreply, [1 | s]}\n";

/** The names of the second steps of a server's `init`. */
function steps(text: string): string {
  const { project } = projectOn({ "lib/a.ex": `defmodule A do\nuse GenServer\n${text}\nend\n` });
  const [module] = project.named("A");
  const [init] = module?.byName.get("init") ?? [];
  assert.ok(module && init);
  return secondSteps(module, init)
    .map(({ call, name, handler }) => `${call.name} ${name} ${handler.name}`)
    .join(", ");
}

describe("the second step of an init", () => {
  const sends = "def init(x) do\nsend(self(), :load)\n{:ok, x}\nend\n";
  rows(
    [
      [`${NAMED}${LOADS}${sends}`, "send load handle_info"],
      [
        `${NAMED}def handle_cast({:load, p}, s), do: {:noreply, [p | s]}\ndef init(x) do\nGenServer.cast(self(), {:load, x})\n{:ok, x}\nend`,
        "cast load handle_cast",
      ],
      [`${LOADS}${sends}`, ""],
      [`${CALLED}${LOADS}${sends}`, ""],
      [`def start_link(x), do: GenServer.start_link(A, x, [])\n${LOADS}${sends}`, ""],
      [
        `${LOADS}def init(x) do\nRegistry.register(R, x, x)\nsend(self(), :load)\n{:ok, x}\nend`,
        "send load handle_info",
      ],
      [`${LOADS}def init(x) do\nsend(self(), :load)\nRegistry.register(R, x, x)\n{:ok, x}\nend`, ""],
      [`${NAMED}${sends}def handle_info(_, s), do: {:noreply, [1 | s]}`, ""],
      [`${NAMED}${sends}def handle_info(:load, s), do: {:noreply, s}`, ""],
      [`${NAMED}${LOADS}${sends}def again, do: Process.send_after(A, :load, 5)`, ""],
      [`${NAMED}${LOADS}${sends}def again, do: later(:load)\ndefp later(m), do: send(A, m)`, ""],
      [`${NAMED}${LOADS}def init(x) do\nsend(self(), :load)\n{:ok, x, {:continue, :go}}\nend`, ""],
      [`${NAMED}${LOADS}def init(x) do\nsend(x, :load)\n{:ok, x}\nend`, ""],
      [`${NAMED}${LOADS}def init(x) do\nProcess.send_after(self(), :load, 9)\n{:ok, x}\nend`, ""],
      [`${NAMED}${LOADS}def init(x) do\nTask.start(fn -> send(self(), :load) end)\n{:ok, x}\nend`, ""],
    ] as const,
    steps,
  );
});
