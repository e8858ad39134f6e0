import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clauseOf } from "../support/facts.ts";

const parameter = (function_: string): number => clauseOf(function_).rows?.parameter ?? -1;

describe("whose rows a function gives", () => {
  it("are those of a parameter, each as it is or changed", () => {
    assert.equal(parameter("def f(xs), do: Enum.map(xs, &g/1)"), 0);
    assert.equal(parameter("def f(a, xs), do: xs |> Enum.filter(& &1.on) |> Enum.sort_by(& &1.at)"), 1);
    assert.equal(parameter("def f(xs) do\n  for x <- xs do\n    g(x)\n  end\nend"), 0);
    assert.equal(parameter("def f(xs), do: Enum.count(xs)"), -1);
    assert.equal(parameter("def f(xs), do: Enum.into(xs, %{})"), -1);
    assert.equal(parameter("def f(xs), do: xs"), -1);
    assert.equal(parameter("def f(xs) do\n  xs = g(xs)\n  Enum.map(xs, &h/1)\nend"), -1);
  });
});

describe("a list that a function gives as it is", () => {
  const asItIs = (function_: string): boolean => clauseOf(function_, "import Ecto.Query").rows?.asTheyAre ?? false;

  it("comes of a call, whatever holds it on the way", () => {
    assert.ok(asItIs("def f(x), do: A.Repo.all(x)"));
    assert.ok(asItIs("def f(x) do\n  rows = x |> g() |> A.Repo.all()\n  A.Repo.preload(rows, :b)\nend"));
    assert.ok(asItIs("def f(x) do\n  rows = if x, do: g(x), else: []\n  rows\nend"));
    assert.ok(asItIs("def f(nil), do: []"));
  });

  it("is neither changed nor used besides", () => {
    assert.ok(!asItIs("def f(x), do: x |> A.Repo.all() |> Enum.map(&g/1)"));
    assert.ok(!asItIs("def f(x), do: for(row <- A.Repo.all(x), do: row)"));
    assert.ok(!asItIs("def f(x) do\n  rows = A.Repo.all(x)\n  g(rows)\n  rows\nend"));
    assert.ok(!asItIs("def f(x) do\n  rows = if x, do: Enum.map(g(x), &h/1), else: []\n  rows\nend"));
    assert.ok(!asItIs("def f(x), do: x"));
  });
});
