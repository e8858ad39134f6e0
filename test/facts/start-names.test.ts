import { describe } from "node:test";
import type { Shape } from "../../server/src/facts/shape.ts";
import { clauseOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

function shown(shape: Shape): string {
  return shape.kind === "module" || shape.kind === "atom"
    ? shape.value
    : shape.kind === "variable"
      ? `(${shape.name})`
      : shape.kind;
}

describe("the names under which a function starts GenServers", () => {
  rows(
    [
      ["GenServer.start_link(A, o, name: A)", "A"],
      ["GenServer.start(A, o, name: :a, timeout: 5)", "a"],
      ["GenServer.start_link(A, o)", ""],
      ["GenServer.start_link(A, o, [])", ""],
      ["GenServer.start_link(A, o, timeout: 5)", ""],
      ["GenServer.start_link(A, o, name: via(o))", "call"],
      ["GenServer.start_link(A, [], o)", "(o)"],
      ["Agent.start_link(fn -> o end, name: A)", ""],
      ["n = Keyword.get(o, :name, A)\nGenServer.start_link(A, o, name: n)", "A"],
      ["n = Keyword.get(o, :name, via(o))\nGenServer.start_link(A, o, name: n)", "(n)"],
      ["{n, o} = Keyword.pop(o, :name, A)\nGenServer.start_link(A, o, name: n)", "A"],
      ["{n, o} = Keyword.pop(o, :name, A)\nGenServer.start_link(A, n, name: o)", "(o)"],
      ["o = Keyword.put_new(o, :name, A)\nGenServer.start_link(A, [], o)", "A"],
      ["p = Keyword.take(Keyword.put_new(o, :name, A), [:name])\nGenServer.start_link(A, o, p)", "A"],
      ["p = o |> Keyword.put(:a, 1) |> Keyword.put_new(:name, A)\nGenServer.start_link(A, [], p)", "A"],
      ["{p, r} = o |> Keyword.put_new(:name, A) |> Keyword.split([:name])\nGenServer.start_link(A, r, p)", "A"],
      ["o = Keyword.put_new(o, :name, A)\nn = Keyword.fetch!(o, :name)\nGenServer.start_link(A, o, name: n)", "A"],
      ["o = Keyword.put_new(o, :name, A)\nn = Keyword.fetch!(o, :server)\nGenServer.start_link(A, o, name: n)", "(n)"],
      ["{p, r} = o |> Keyword.put_new(:name, A) |> Keyword.split([:debug])\nGenServer.start_link(A, r, p)", "(p)"],
      ["o = o |> Keyword.put_new(:name, A) |> Keyword.delete(:name)\nGenServer.start_link(A, [], o)", "(o)"],
      ["o = Keyword.put_new(o, :name, A)\nn = o\nGenServer.start_link(A, [], n)", "A"],
      ["l = Keyword.get(o, :name, B)\nGenServer.start_link(A, l, name: o)", "(o)"],
      ["o = Keyword.put_new(o, :name, A)\no = options(o)\nGenServer.start_link(A, [], o)", "(o)"],
      ["o = Keyword.put_new(o, :name, A)\n{n, o} = Keyword.pop(o, :name)\nGenServer.start_link(A, n, o)", "(o)"],
      ["n = Keyword.get(o, :name, @a)\nGenServer.start_link(A, o, name: n)", "A"],
      ["n = Keyword.get(o, :name, @b)\nGenServer.start_link(A, o, name: n)", "(n)"],
      ["n = Keyword.get(o, :title, A)\nGenServer.start_link(A, o, name: n)", "(n)"],
      ["r = GenServer.start_link(A, o, name: n)\nn = Keyword.get(o, :name, A)\nr", "(n)"],
      ["if o, do: (n = Keyword.get(o, :name, A); n)\nGenServer.start_link(A, o, name: n)", "(n)"],
      ["quote do\nGenServer.start_link(A, unquote(o), name: A)\nend", ""],
      ["quote do\ndef start_link(o), do: GenServer.start_link(A, o, name: A)\nend", ""],
    ] as const,
    (body) =>
      clauseOf(`def f(o) do\n${body}\nend`, "@a A\n@b Application.compile_env(:shop, :b)")
        .startNames.map(shown)
        .join(" "),
  );
  rows(
    [
      ["def f(o \\\\ [name: A]), do: GenServer.start_link(A, [], o)", "A"],
      ["def f(o \\\\ [timeout: 5]), do: GenServer.start_link(A, [], o)", "(o)"],
      ["def f(p, o \\\\ [name: A]), do: GenServer.start_link(A, o, p)", "(p)"],
    ] as const,
    (source) => clauseOf(source).startNames.map(shown).join(" "),
  );
});
