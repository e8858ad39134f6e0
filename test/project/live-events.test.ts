import assert from "node:assert/strict";
import { it } from "node:test";
import { eventsHandledBy, liveEvents } from "../../server/src/project/live/live-events.ts";
import { projectOn } from "../support/facts.ts";

const LIVE = "use Phoenix.LiveView\n";
const module = (name: string, body: string): string => `defmodule ${name} do\n${body}\nend\n`;

function known(files: Record<string, string>) {
  const { project } = projectOn(files);
  const { names, catchAll, hooked, paths } = project.read(liveEvents);
  return { names: [...names], catchAll, hooked, paths: [...paths] };
}

it("gathers the events of all LiveViews, and of functions of hooks", () => {
  const files = {
    "lib/a.ex": module("A", `${LIVE}def handle_event("a", _, s), do: {:noreply, s}`),
    "lib/b.ex": module(
      "B",
      `def on_mount(_, _, _, s), do: {:cont, attach_hook(s, :b, :handle_event, &on_event/3)}
       defp on_event("b", _, s), do: {:halt, s}
       defp on_event(_, _, s), do: {:cont, s}`,
    ),
    "test/c_test.exs": module("C", `def handle_event("c", _, s), do: {:noreply, s}`),
  };
  assert.deepEqual(known(files), { names: ["a", "b"], catchAll: false, hooked: true, paths: ["/app/lib/a.ex"] });
});

it("knows when any event is taken", () => {
  const files = { "lib/a.ex": module("A", `${LIVE}def handle_event("a" <> _, _, s), do: {:noreply, s}`) };
  assert.equal(known(files).catchAll, true);
});

it("a module is open where something that it uses may handle events", () => {
  const quoted = (event: string): string =>
    module("Own", `defmacro __using__(_) do\nquote do\nuse Phoenix.LiveView\n${event}\nend\nend`);
  const open = (own: string, uses = "use Own"): boolean | undefined => {
    const { project } = projectOn({ "lib/own.ex": own, "lib/a.ex": module("A", uses) });
    const [a] = project.named("A");
    return a && eventsHandledBy(a, project).open;
  };
  assert.equal(open(quoted("")), false);
  assert.equal(open(quoted('def handle_event("x", _, s), do: {:noreply, s}')), true);
  assert.equal(open(quoted(""), `${LIVE}use Gettext`), false);
  assert.equal(open(quoted(""), `${LIVE}use Backpex.LiveResource`), true);
});

it("says the same object while nothing that it says has changed", () => {
  const project = projectOn({ "lib/a.ex": module("A", `${LIVE}def handle_event("a", _, s), do: {:noreply, s}`) });
  const before = project.project.read(liveEvents);
  project.update("/app/lib/b.ex", module("B", "def f(x), do: x"));
  project.refresh(true);
  assert.equal(project.project.read(liveEvents), before);
});
