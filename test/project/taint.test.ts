import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nameOfCall } from "../../server/src/project/effects/witness.ts";
import { taint } from "../../server/src/project/security/taint.ts";
import { projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const CONTROLLER = "use Phoenix.Controller\n";

/** The ways from outside to the dangerous calls of module `A`, as `A.f > String.to_atom/1`; `?` where none is known. */
function ways(a: string, b = ""): string {
  const { project } = projectOn({
    "lib/a.ex": `defmodule A do\n${a}\nend\n`,
    "lib/b.ex": `defmodule B do\n${b}\nend\n`,
  });
  const module = project.named("A")[0];
  if (!module) throw new Error("no module");
  return project
    .read(taint)
    .of(module)
    .map(({ hops, call }) =>
      hops ? [...hops.map((hop) => `${hop.module.name}.${hop.clause.name}`), nameOfCall(call)].join(" > ") : "?",
    )
    .join(", ");
}

describe("the way of data from outside to a dangerous call", () => {
  const sink = "def f(x), do: String.to_atom(x)";
  rows(
    [
      [[sink, ""], "?"],
      [[sink, `${CONTROLLER}def index(conn, p), do: A.f(p["x"])`], "B.index > A.f > String.to_atom/1"],
      [[sink, `${CONTROLLER}def index(conn, p), do: A.f(conn.assigns.x)`], "?"],
      [[sink, `${CONTROLLER}def index(conn, p), do: A.f(load(p["x"]))\ndef load(x), do: x`], "?"],
      [
        [sink, `${CONTROLLER}def index(conn, p), do: g(p)\ndefp g(p), do: A.f(p["x"])`],
        "B.index > B.g > A.f > String.to_atom/1",
      ],
      [[sink, "def index(conn, p), do: A.f(p)"], "?"],
      [[sink, "def call(conn, _), do: A.f(conn.params)"], "B.call > A.f > String.to_atom/1"],
      [[sink, "def call(%{params: p} = conn, _), do: A.f(p)"], "B.call > A.f > String.to_atom/1"],
      [[sink, "def call(%{params: p}, _), do: A.f(p)"], "?"],
      [[sink, "def show(%{assigns: %{params: p}} = socket), do: A.f(p)"], "B.show > A.f > String.to_atom/1"],
      [
        [`${sink}\ndef g(y), do: f(y)`, `${CONTROLLER}def index(conn, p), do: A.g(p)`],
        "B.index > A.g > A.f > String.to_atom/1",
      ],
      [["def f(x) when x in [1], do: String.to_atom(x)", `${CONTROLLER}def index(conn, p), do: A.f(p)`], "?"],
      [
        ["def f(x, y \\\\ 1), do: String.to_atom(x)", `${CONTROLLER}def index(conn, p), do: A.f(p)`],
        "B.index > A.f > String.to_atom/1",
      ],
      [["def f(x), do: f(x) && String.to_atom(x)", ""], "?"],
      [
        ["@behaviour X.Serializer\ndef deserialize(x, _), do: String.to_atom(x)", ""],
        "A.deserialize > String.to_atom/1",
      ],
      [["@behaviour X.Serializer\ndef deserialize(x, _), do: System.shell(x)", ""], "?"],
      [["@behaviour X.Serializer\ndef serialize(x), do: String.to_atom(x)", ""], "?"],
      [[sink, "use Ecto.Type\ndef cast(x), do: A.f(x)"], "B.cast > A.f > String.to_atom/1"],
      [[sink, "use Ecto.Type\ndef load(x), do: A.f(x)"], "?"],
      [["defmacro f(x), do: String.to_atom(x)", `${CONTROLLER}def index(conn, p), do: A.f(p)`], ""],
    ] as const,
    ([a, b]) => ways(a, b),
  );

  it("keeps its answer for a module when another changes what does not concern it", () => {
    const project = projectOn({
      "lib/a.ex": `defmodule A do\n${sink}\nend\n`,
      "lib/b.ex": `defmodule B do\n${CONTROLLER}def index(conn, p), do: A.f(p)\nend\n`,
      "lib/c.ex": "defmodule C do\ndef h, do: 1\nend\n",
    });
    const of = () => project.project.read(taint).of(project.project.named("A")[0] as never);
    const before = of();
    project.update("/app/lib/c.ex", "defmodule C do\ndef h, do: B.index(1, 2)\nend\n");
    project.refresh(true);
    assert.equal(of(), before);
    project.update("/app/lib/b.ex", "defmodule B do\ndef index(_conn, p), do: p\nend\n");
    project.refresh(true);
    assert.notEqual(of(), before);
  });
});
