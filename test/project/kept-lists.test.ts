import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type AssignFlow, assignFlow } from "../../server/src/project/live/assign-flow.ts";
import { changingAt, growingAt, isListedBy } from "../../server/src/project/live/kept-lists.ts";
import { projectOn } from "../support/facts.ts";

const RENDER = `def render(assigns), do: ~H"<p :for={x <- @xs}>{x}</p>"`;

/** The flow of a LiveView with the functions, and its keys for which `test` holds. */
function keysOf(functions: string, test: (key: string, flow: AssignFlow) => boolean): string[] {
  const { project } = projectOn({ "lib/a.ex": `defmodule A do\nuse Phoenix.LiveView\n${functions}\n${RENDER}\nend\n` });
  const [module] = project.named("A");
  const flow = module && project.read(assignFlow).of(module);
  assert.ok(flow);
  return [...flow.keys.keys()].filter((key) => test(key, flow));
}

const growing = (functions: string): string[] =>
  keysOf(functions, (key, flow) => growingAt(key, flow.keys.get(key) ?? { sets: [], reads: [] }, flow).length > 0);
const changing = (functions: string): string[] =>
  keysOf(functions, (key, flow) => !!changingAt(key, flow.keys.get(key) ?? { sets: [], reads: [] }, flow, () => false));

const MOUNT = "def mount(_, _, socket), do: {:ok, assign(socket, :xs, [])}";

describe("lists that a page keeps", () => {
  it("grow where messages add to them, in one way or another", () => {
    const ways = [
      "update(socket, :xs, &[x | &1])",
      "assign(socket, :xs, socket.assigns.xs ++ x)",
      "assign(socket, xs: Enum.concat(x, socket.assigns.xs))",
      "assign(socket, :xs, if(x, do: [x | socket.assigns.xs], else: socket.assigns.xs))",
    ];
    for (const way of ways)
      assert.deepEqual(growing(`${MOUNT}\ndef handle_info(x, socket), do: {:noreply, ${way}}`), ["xs"], way);
    const helper =
      "def handle_info(x, socket), do: {:noreply, add(socket, x)}\ndefp add(socket, x), do: update(socket, :xs, &[x | &1])";
    assert.deepEqual(growing(`${MOUNT}\n${helper}`), ["xs"]);
  });

  it("do not where something is taken away, or a user adds", () => {
    const add = "def handle_info(x, socket), do: {:noreply, update(socket, :xs, &[x | &1])}";
    const drop = "def handle_event(_, x, socket), do: {:noreply, update(socket, :xs, &List.delete(&1, x))}";
    const clear = "def handle_event(_, _, socket), do: {:noreply, assign(socket, :xs, [])}";
    assert.deepEqual(growing(`${MOUNT}\n${add}\n${drop}`), []);
    assert.deepEqual(growing(`${MOUNT}\n${add}\n${clear}`), ["xs"]);
    assert.deepEqual(growing(`${MOUNT}\n${add.replace("handle_info(", "handle_event(_, ")}`), []);
    assert.deepEqual(changing(`${MOUNT}\n${add}\n${drop}`), ["xs"]);
    const ask = `def handle_event("ask", _, socket), do: {:reply, socket.assigns.xs, socket}`;
    assert.deepEqual(changing(`${MOUNT}\n${add}\n${drop}\n${ask}`), []);
  });

  it("are listed by tables, and by components that read the attribute in their loops only", () => {
    const lists = (component: string, body: string): boolean => {
      const texts = {
        "lib/a.ex": `defmodule A do\nuse Phoenix.LiveView\ndef render(assigns), do: ~H"${component}"\n${body}\nend\n`,
      };
      const { project } = projectOn(texts);
      const [module] = project.named("A");
      const clause = module?.byName.get("render")?.[0];
      assert.ok(module && clause);
      return isListedBy(module, clause, "xs", (name) => project.named(name));
    };
    assert.equal(lists("<.table rows={@xs} />", ""), true);
    assert.equal(lists("<.rows of={@xs} />", `defp rows(assigns), do: ~H"<p :for={x <- @of}>{x}</p>"`), true);
    assert.equal(lists("<.rows of={@xs} />", `defp rows(assigns), do: ~H"<p>{length(@of)}</p>"`), false);
    assert.equal(lists("<.rows of={@xs} />", ""), false);
    assert.equal(lists("<.live_component module={B} id={1} rows={@xs} />", ""), false);
  });
});
