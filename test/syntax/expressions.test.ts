import { describe } from "node:test";
import { body, lowered } from "../support/syntax.ts";
import { rows } from "../support/table.ts";

describe("operators", () => {
  rows(
    [
      ["x not in [1]", "(not (x in [1]))"],
      ["not x", "(not x)"],
      ["!x && -x", "((! x) && (- x))"],
      ["a ++ b <> c", "(a ++ (b <> c))"],
      ["1..2//3", "((1 .. 2) // 3)"],
      ["^x = y", "((^ x) = y)"],
      ["x = y = 1", "(x = (y = 1))"],
      ["a ~> b", "(a ~> b)"],
      ["(a; b)", "a; b"],
      ["[h | t]", "[(h | t)]"],
    ] as const,
    (source) => body(source),
  );
});

describe("maps and structs", () => {
  rows(
    [
      ["%{x | a: 1, b: 2}", "%{x | :a => 1, :b => 2}"],
      ['%{x | "k" => 1}', '%{x | "k" => 1}'],
      ['%{"a" => 1, b: [1 | x]}', '%{"a" => 1, :b => [(1 | x)]}'],
      ["%S{x | a: 1}", "%My.S{x | :a => 1}"],
      ["%S{}", "%My.S{}"],
      ["%__MODULE__{a: 1}", "%A.B{:a => 1}"],
      ["%mod{}", "%mod{}"],
      ["%^mod{}", "%(^ mod){}"],
      ["%{x | y: %{x.y | z: 1}}", "%{x | :y => %{x.y | :z => 1}}"],
    ] as const,
    (source) => body(source, "alias My.S"),
  );
});

describe("literals", () => {
  rows(
    [
      [':"a b"', ":a b"],
      ['["a b": 1, c: 2]', "[:a b => 1, :c => 2]"],
      ['f("a b": 1)', "f(:a b => 1)"],
      ["nil", "nil"],
      ["?a", "?a"],
      ["0x1F", "0x1F"],
      ['"a #{x} b #{y.z}"', '"#{x, y.z}"'],
      ["'abc'", '"abc"'],
      ['"""\nabc\n"""', '"\\nabc\\n"'],
      ["~s(a #{x} b)r", "~s(x)r"],
      ["~r/a/i", "~r(a)i"],
      ["~w(a b)a", "~w(a b)a"],
      ["~S'''\nabc\n'''", "~S(\nabc\n)"],
      ["~D[2020-01-01]", "~D(2020-01-01)"],
      ['~H"<p>{@x}</p>"', "~H(@x)"],
      ["<<a::8, rest::binary-size(3)>>", "<<(a :: 8), (rest :: (binary - size(3)))>>"],
    ] as const,
    (source) => body(source),
  );
});

describe("functions", () => {
  rows(
    [
      ["def f(a, b \\\\ 1) when is_x(a), do: a", "def f(a, (b \\\\ 1)) when is_x(a) do{a}"],
      ["def f, do: 1", "def f() do{1}"],
      ["def f(x)", "def f(x)"],
      ["def a + b, do: 1", "def +(a, b) do{1}"],
      ["def unquote(n)(x), do: x", "def null(x) do{x}"],
      ["def f(x) do x rescue _ -> 1 after 2 end", "def f(x) do{x} rescue{_ -> 1} after{2}"],
      ["def f(x), do: (a(); x)", "def f(x) do{a(); x}"],
      ["defp f(x), do: case x, do: (y -> y)", "defp f(x) do{case(x) do{y -> y}}"],
      ["defguard is_a(x) when x > 1", "defguard is_a(x) when (x > 1)"],
      ["defdelegate f(a), to: B, as: :g", "defdelegate f(a) :to => B, :as => :g"],
      ["defmacro m(x), do: quote(do: unquote(x))", "defmacro m(x) do{quote() do{unquote(x)}}"],
      ["def f(%{a: b} = x, [h | t], _), do: 1", "def f((%{:a => b} = x), [(h | t)], _) do{1}"],
      ["fn (a, b) -> a end", "fn{a, b -> a}"],
      ["fn a when a > 1 -> a; b -> b end", "fn{a when (a > 1) -> a; b -> b}"],
      ["fn -> 1 end", "fn{ -> 1}"],
    ] as const,
    lowered,
  );
});

describe("names in a template of a form", () => {
  rows(
    [
      ['def f(assigns), do: ~H"{Repo.all(@q)}"', "def f(assigns) do{~H(My.Repo.all(@q))}"],
      [
        'def f(assigns) do\nalias My.Other\n~H"{Other.all(@q)}"\nend',
        "def f(assigns) do{alias(My.Other); ~H(My.Other.all(@q))}",
      ],
    ] as const,
    (source) => lowered(`alias My.Repo\n${source}`),
  );
});
