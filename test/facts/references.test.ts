import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clauseOf, modulesIn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

function references(functions: string): string {
  return clauseOf(functions, "alias App.User")
    .references.map(({ module, as }) => `${as} ${module}`)
    .join(", ");
}

describe("references of a clause", () => {
  rows(
    [
      ["def f(x), do: x", ""],
      ["def f(%User{} = user), do: user", "match App.User"],
      ["def f(x \\\\ %User{}), do: x", "build App.User"],
      ["def f(x), do: %User{name: x}", "build App.User"],
      ["def f(x), do: %User{x | name: 1}", "update App.User"],
      ["def f(x), do: %__MODULE__{x: x}", ""],
      ["def f(x) do %User{name: n} = x; n end", "match App.User"],
      ["def f(x), do: with({:ok, %User{}} <- x, do: %User{})", "match App.User, build App.User"],
      ["def f(x) do case x do %User{} -> 1; _ -> %User{} end end", "match App.User, build App.User"],
      ["def f(x), do: Enum.map(x, fn %User{id: id} -> id end)", "match App.User"],
      ["def f(x), do: match?(%User{}, x)", ""],
      ["def f(x), do: %{name: %User{}, x: x}", "build App.User"],
      ["defmacro f(x), do: quote(do: %User{x: unquote(x)})", ""],
      ["def f(x), do: Ecto.Query.where(User, id: ^x) |> Ecto.Query.limit(1)", "source App.User"],
    ] as const,
    references,
  );

  it("the source of a query, not what it joins", () => {
    const [module] = modulesIn(`
defmodule A do
  import Ecto.Query

  def f(x), do: from(u in App.User, join: o in App.Order, on: o.user_id == u.id, where: u.id == ^x)
  def g, do: from({"old_users", App.User}, as: :user)
end
`);
    const all = module?.clauses.flatMap((clause) => clause.references.map(({ module, as }) => `${as} ${module}`));
    assert.deepEqual(all, ["source App.User", "source App.User"]);
  });

  it("shares the empty list", () => {
    const [module] = modulesIn("defmodule A do\n  def f, do: 1\n  def g, do: 2\nend\n");
    assert.equal(module?.clauses[0]?.references, module?.clauses[1]?.references);
  });
});

describe("the head of a module, and what it imports", () => {
  it("stays a fact without positions", () => {
    const text = "defmodule A do\n  import B\n  require C.D\n\n  defmodule E do\n    def f, do: 1\n  end\nend\n";
    const before = modulesIn(text).map(({ name, head, bringingForms }) => [name, head, bringingForms]);
    const after = modulesIn(`# why\n\n${text}`).map(({ name, head, bringingForms }) => [name, head, bringingForms]);
    assert.deepEqual(before, after);
    assert.deepEqual(
      modulesIn(text).map(
        ({ name, head, bringingForms }) => `${head} ${name} ${bringingForms.flatMap((b) => b.modules)}`,
      ),
      ["1 A B,C.D", "2 A.E "],
    );
  });
});
