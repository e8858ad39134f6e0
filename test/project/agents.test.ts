import assert from "node:assert/strict";
import { describe } from "node:test";
import { agentUses, constantAgents } from "../../server/src/project/processes/agents.ts";
import { projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const OPEN = "def start_link(o), do: Agent.start_link(fn -> o end, name: o[:name])";
const NAMED = "def start_link(o), do: Agent.start_link(fn -> o end, name: A)";

/** How many agents of `A` nothing changes, where `B` is another module. */
function constants([a, b]: readonly [string, string]): number {
  const { project } = projectOn({
    "lib/a.ex": `defmodule A do\n${a}\nend\n`,
    "lib/b.ex": `defmodule B do\n${b}\nend\n`,
  });
  const [module] = project.named("A");
  assert.ok(module);
  return constantAgents(module, project.read(agentUses)).length;
}

describe("an agent that nothing changes", () => {
  rows(
    [
      [[OPEN, ""], 1],
      [[NAMED, ""], 1],
      [[NAMED, "def f, do: Agent.get(A, & &1)"], 1],
      [[NAMED, "def f, do: Agent.update(A, & &1)"], 0],
      [[NAMED, "def f, do: Agent.update(C, & &1)"], 1],
      [[NAMED, "def f(x), do: Agent.update(x, & &1)"], 0],
      [[NAMED, "def f(x), do: Agent.stop(x)"], 0],
      [[NAMED, `${OPEN}\ndef f(x), do: Agent.update(x, & &1)`], 1],
      [[OPEN, "def f, do: Agent.update(C, & &1)"], 0],
      [[OPEN, "def g(_), do: Agent.start_link(fn -> 1 end, name: C)\ndef f, do: Agent.update(C, & &1)"], 1],
      [[`${OPEN}\ndef f, do: Agent.get_and_update(A, & &1)`, ""], 0],
      [[`${NAMED}\ndef f, do: Agent.cast(C, & &1)`, ""], 1],
      [[`@behaviour C\n${OPEN}`, ""], 0],
      [[`${OPEN}\ndef f, do: Process.whereis(A)`, ""], 0],
    ] as const,
    constants,
  );
});
