import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AssignFlow, assignFlow } from "../../server/src/project/live/assign-flow.ts";
import type { Project } from "../../server/src/project/project.ts";
import { projectOn } from "../support/facts.ts";

const VIEW = `defmodule A.Live do
  use Phoenix.LiveView
  def mount(_, _, socket), do: {:ok, socket |> assign(a: 1, b: 2) |> A.Helper.put()}
  defp badge(assigns), do: ~H"<b>{@c}</b>"
end
`;
const TEMPLATE = "<.badge c={@a} />{@d}";
const HELPER = `defmodule A.Helper do
  import Phoenix.Component
  def put(socket), do: assign(socket, :d, socket.assigns.b)
end
defmodule A.Layouts do
  use Phoenix.Component
  def app(assigns), do: ~H"<i>{@menu}</i>"
end
`;

function flowIn(project: Project, name = "A.Live"): AssignFlow {
  const [module] = project.named(name);
  const flow = module && project.read(assignFlow).of(module);
  assert.ok(flow);
  return flow;
}

const files = { "lib/a.ex": VIEW, "lib/a.html.heex": TEMPLATE, "lib/helper.ex": HELPER };

describe("the flow of assigns", () => {
  it("puts a view together from its parts", () => {
    const flow = flowIn(projectOn(files).project);
    const counts = [...flow.keys].map(([key, { sets, reads }]) => `${key} ${sets.length}/${reads.length}`);
    assert.deepEqual(counts.sort(), ["a 1/1", "b 1/0", "d 0/1"]);
    assert.ok(flow.hasMarkup && flow.kind === "view" && !flow.readByAnyone && !flow.setByAnyone);
    assert.deepEqual([...flow.readElsewhere].sort(), ["b", "menu"]);
    assert.deepEqual([...flow.setElsewhere], ["d"]);
  });

  it("does not know what a function does that the project has and nobody sees", () => {
    const { "lib/helper.ex": _, ...others } = files;
    assert.equal(flowIn(projectOn(others).project).readByAnyone, true);
  });

  it("keeps its answer as long as the parts say the same", () => {
    const mix = projectOn(files);
    const before = flowIn(mix.project);
    mix.update("/app/lib/other.ex", "defmodule A.Other do\n  def f(x), do: x\nend\n");
    mix.update("/app/lib/helper.ex", `# a comment\n${HELPER}`);
    mix.refresh(true);
    assert.equal(flowIn(mix.project), before);
    mix.update("/app/lib/a.html.heex", `${TEMPLATE}{@b}`);
    mix.refresh(true);
    assert.equal(flowIn(mix.project).keys.get("b")?.reads.length, 1);
  });

  it("finds embedded templates", () => {
    const text = `defmodule A.Live do\n  use Phoenix.LiveView\n  embed_templates "pages/*"\n  def mount(_, _, socket), do: {:ok, assign(socket, :a, 1)}\nend\n`;
    const { project } = projectOn({
      "lib/a.ex": text,
      "lib/pages/x.html.heex": "{@a}",
      "lib/other/x.html.heex": "{@b}",
    });
    assert.deepEqual([...flowIn(project).keys.keys()], ["a"]);
    assert.equal(flowIn(project).keys.get("a")?.reads.length, 1);
  });
});
