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
