import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { body, callOf, lastForm } from "../support/syntax.ts";
import { rows } from "../support/table.ts";

describe("the piped value is argument 0", () => {
  rows(
    [
      ["x |> a() |> B.c(1) |> d", "d(B.c(a(x), 1))"],
      ["x |> Repo.all", "Repo.all(x)"],
      ["x |> case do\n 1 -> 2\n _ when x > 1 -> 3\nend", "case(x) do{1 -> 2; _ when (x > 1) -> 3}"],
      ["x |> if(do: 1, else: 2)", "if(x) do{1} else{2}"],
      ["x |> then(&f(&1, 2))", "then(x, &(f(&1, 2)))"],
      ["x |> tap(fn y -> y |> z() end) |> q", "q(tap(x, fn{y -> z(y)}))"],
      ["x |> g.(1)", "<g>.(x, 1)"],
      ["x |> (fn y -> y end).()", "<fn{y -> y}>.(x)"],
      ["x |> mod.f(1)", "<mod>.f(x, 1)"],
      ["x |> f.g.h()", "<f.g>.h(x)"],
      ["x |> @f.()", "<@f>.(x)"],
      ["x |> unquote(f)()", "<unquote(f)>.(x)"],
      ["a\n|> b\n# why\n|> d()", "d(b(a))"],
      ['"""\nabc\n"""\n|> f()', 'f("\\nabc\\n")'],
      ["x |> f() ++ y", "(x |> (f() ++ y))"],
    ] as const,
    (source) => body(source),
  );

  it("keeps where the call itself begins", () => {
    const text = "users\n|> Enum.map(& &1.id)\n|> Repo.all(prefix: 1)";
    const call = callOf(lastForm(text).ast, "all");
    assert.equal(text.slice(call.start, call.end), text);
    assert.equal(text.slice(call.ownStart, call.end), "Repo.all(prefix: 1)");
    assert.equal(text.slice(call.calleeStart, call.calleeEnd), "Repo.all");
    assert.equal(call.piped, true);
  });
});

describe("captures", () => {
  rows(
    [
      ["&Repo.get/2", "&My.Repo.get/2"],
      ["&f/1", "&f/1"],
      ["&from/2", "&Ecto.Query.from/2"],
      ["&+/2", "&+/2"],
      ["&Kernel.+/2", "&Kernel.+/2"],
      ["&:ets.new/2", "&:ets.new/2"],
      ["&__MODULE__.g/1", "&A.B.g/1"],
      ["&f(&1, 2)", "&(f(&1, 2))"],
      ["& &1.name", "&(&1.name)"],
      ["&{&1, &2}", "&({&1, &2})"],
      ["&(&1 + 1)", "&((&1 + 1))"],
      ['&"#{&1}"', '&("#{&1}")'],
      ["Enum.map(x, &Repo.get(&1, 1))", "Enum.map(x, &(My.Repo.get(&1, 1)))"],
    ] as const,
    (source) => body(source, "alias My.Repo\nimport Ecto.Query"),
  );
});

describe("`do:` is `do … end`", () => {
  rows(
    [
      ["if x, do: 1, else: 2", "if(x) do{1} else{2}"],
      ["if x do\n1\nelse\n2\nend", "if(x) do{1} else{2}"],
      ["if(x, do: 1, else: 2)", "if(x) do{1} else{2}"],
      ["if x, do: (a(); b())", "if(x) do{a(); b()}"],
      ["if x do\n# nothing yet\nend", "if(x) do{}"],
      ["for y <- x, into: %{}, do: y", "for((y <- x), :into => %{}) do{y}"],
      ["for y <- x, reduce: 0 do\nn -> n\nend", "for((y <- x), :reduce => 0) do{n -> n}"],
      ["case x, do: (1 -> 2; _ -> 3)", "case(x) do{1 -> 2; _ -> 3}"],
      ["with {:ok, y} <- x, do: y, else: (_ -> 1)", "with(({:ok, y} <- x)) do{y} else{_ -> 1}"],
      ["f(x, do: fn -> 1 end)", "f(x) do{fn{ -> 1}}"],
      [
        "try do 1 rescue e in E -> e catch k, v -> v else z -> z after 1 end",
        "try() do{1} rescue{(e in E) -> e} catch{k, v -> v} else{z -> z} after{1}",
      ],
      ["receive do x -> y after 10 -> z end", "receive() do{x -> y} after{10 -> z}"],
      ["cond do x -> 1; true -> 2 end", "cond() do{x -> 1; true -> 2}"],
      ["quote do: x", "quote() do{x}"],
      ["foo x, a: 1 do 2 end", "foo(x, :a => 1) do{2}"],
    ] as const,
    (source) => body(source),
  );
});

describe("who is called", () => {
  rows(
    [
      [":ets.new(:t, [])", ":ets.new(:t, [])"],
      ["Elixir.C.d()", "C.d()"],
      [':"Elixir.C".d()', "C.d()"],
      ['Foo."bar baz"()', "Foo.bar baz()"],
      ["__MODULE__.y()", "A.B.y()"],
      ["__MODULE__.C.y()", "A.B.C.y()"],
      ["x.y", "x.y"],
      ["x.y()", "<x>.y()"],
      ["x.(1)", "<x>.(1)"],
      ['x[:a].b["c"].d()', '<x[:a].b["c"]>.d()'],
      ["@a.b", "@a.b"],
      ["unquote(x)(1)", "<unquote(x)>.(1)"],
      ["super(x)", "super(x)"],
    ] as const,
    (source) => body(source),
  );
});

describe("module attributes that name modules", () => {
  rows(
    [
      ["@repo Repo", "My.Repo.all(x)"],
      ["@repo My.Repo", "My.Repo.all(x)"],
      ["@repo :repo", ":repo.all(x)"],
      ["@repo Repo\n@repo Other", "Other.all(x)"],
      ["@repo Repo\n@repo Application.compile_env(:a, :repo)", "<@repo>.all(x)"],
      ["@other Repo", "<@repo>.all(x)"],
    ] as const,
    (before) => body("@repo.all(x)", `alias My.Repo\n${before}`),
  );
});
