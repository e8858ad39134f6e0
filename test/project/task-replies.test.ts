import assert from "node:assert/strict";
import { describe } from "node:test";
import { effects } from "../../server/src/project/effects/effects.ts";
import { lostTasks } from "../../server/src/project/processes/task-replies.ts";
import { projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const ASYNC = "def run(x) do\n Task.async(fn -> x end)\n x\nend";

/** How many tasks of `A` nobody takes the reply of, where `B` is another module. */
function lost([a, b]: readonly [string, string]): number {
  const { project } = projectOn({
    "lib/a.ex": `defmodule A do\n${a}\nend\n`,
    "lib/b.ex": `defmodule B do\n${b}\nend\n`,
  });
  const [module] = project.named("A");
  assert.ok(module);
  project.read(effects);
  return project.read(lostTasks).of(module).length;
}

describe("tasks whose reply nobody takes", () => {
  rows(
    [
      [[ASYNC, ""], 1],
      [["def run(x), do: Task.await(Task.async(fn -> x end))", ""], 0],
      [[ASYNC, "use GenServer\ndef handle_cast(x, s), do: {:noreply, [A.run(x) | s]}"], 1],
      [
        [
          ASYNC,
          "use GenServer\ndef handle_cast(x, s), do: {:noreply, [A.run(x) | s]}\ndef handle_info({r, x}, s), do: {:noreply, {r, x, s}}",
        ],
        0,
      ],
      [[ASYNC, "use GenServer\ndef handle_info({r, x}, s), do: {:noreply, {r, x, s}}"], 1],
      [[ASYNC, "def go(x), do: A.run(x)\ndef take({ref, x}, s), do: {ref, x, s}"], 0],
      [[ASYNC, "def go(x), do: A.run(x)\ndef take({key, x}, s), do: {key, x, s}"], 1],
      [[`${ASYNC}\ndef handle_event({_ref, x}, s), do: {x, s}`, ""], 0],
      [
        [
          `use Phoenix.LiveComponent\n${ASYNC}`,
          "use Phoenix.LiveView\ndef handle_info({_ref, x}, s), do: {:noreply, {x, s}}",
        ],
        0,
      ],
      [
        [`use Phoenix.LiveComponent\n${ASYNC}`, "use Phoenix.LiveView\ndef handle_info(:tick, s), do: {:noreply, s}"],
        1,
      ],
    ] as const,
    lost,
  );
});
