import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adapters, usesOnly } from "../../server/src/project/database/adapters.ts";
import { transactions } from "../../server/src/project/database/transactions.ts";
import { projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

/** The functions of module `A` that run in transactions only; the other module is `B`. */
function inside(a: string, b = ""): string {
  const { project } = projectOn({
    "lib/a.ex": `defmodule A do\n${a}\nend\n`,
    "lib/b.ex": `defmodule B do\n${b}\nend\n`,
  });
  const module = project.named("A")[0];
  if (!module) throw new Error("no module");
  return [...project.read(transactions).of(module)].map((clause) => `${clause.name}/${clause.arity}`).join(" ");
}

describe("functions that are called in transactions only", () => {
  const f = "def f(x), do: x";
  rows(
    [
      [[f, "def g, do: Repo.transaction(fn -> A.f(1) end)"], "f/1"],
      [[f, "def g, do: Repo.transaction(fn -> A.f(1) end)\ndef h, do: A.f(1)"], ""],
      [[f, ""], ""],
      [[`${f}\ndef g, do: f(1)`, "def h, do: Repo.transact(fn -> A.g() end)"], "f/1 g/0"],
      [[`${f}\ndef g, do: f(1)`, ""], ""],
      [["def f(x), do: f(x)", "def g, do: Repo.transaction(fn -> A.f(1) end)"], "f/1"],
      [["def f(x), do: x", "def g, do: Ecto.Multi.run(m, :f, &A.f/1)"], "f/1"],
      [["def f(x, y \\\\ 1), do: x", "def g, do: Repo.transaction(fn -> A.f(1) end)"], "f/2"],
      [["def f(x, y \\\\ 1), do: x", "def g, do: Repo.transaction(fn -> A.f(1) end)\ndef h, do: A.f(1, 2)"], ""],
    ] as const,
    ([a, b]) => inside(a, b),
  );

  it("keeps its answer for a module when another changes what does not concern it", () => {
    const project = projectOn({
      "lib/a.ex": `defmodule A do\n${f}\nend\n`,
      "lib/b.ex": "defmodule B do\ndef g, do: Repo.transaction(fn -> A.f(1) end)\nend\n",
      "lib/c.ex": "defmodule C do\ndef h, do: 1\nend\n",
    });
    const module = project.project.named("A")[0];
    if (!module) throw new Error("no module");
    const before = project.project.read(transactions).of(module);
    project.update("/app/lib/c.ex", "defmodule C do\ndef h, do: I.o(2)\nend\n");
    project.refresh(true);
    assert.equal(project.project.read(transactions).of(module), before);
  });
});

describe("the adapters of a project", () => {
  const repo = (adapter: string): string => `use Ecto.Repo, otp_app: :a${adapter && `, adapter: ${adapter}`}`;
  rows(
    [
      [["Ecto.Adapters.MyXQL"], "Ecto.Adapters.MyXQL only"],
      [["Ecto.Adapters.MyXQL", "Ecto.Adapters.Postgres"], "Ecto.Adapters.MyXQL,Ecto.Adapters.Postgres"],
      [[""], ""],
      [["Application.compile_env(:a, :adapter)"], ""],
    ] as const,
    (list) => {
      const files = list.map((adapter, i) => [`lib/r${i}.ex`, `defmodule R${i} do\n${repo(adapter)}\nend\n`] as const);
      const known = projectOn(Object.fromEntries(files)).project.read(adapters);
      return `${known.modules.join()}${usesOnly(known, "Ecto.Adapters.MyXQL") ? " only" : ""}`;
    },
  );
});
