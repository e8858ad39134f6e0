import { describe } from "node:test";
import type { ClauseFacts } from "../../server/src/facts/facts.ts";
import { FIELD, heldParameters, INPUT } from "../../server/src/facts/flow-bits.ts";
import { clauseOf, factsOfBody, nameOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

/** The calls of a clause, each with its loop: `R.get/1 in Enum.map` and a `*` when it depends on the element. */
function looped({ calls, loops }: ClauseFacts): string {
  const name = (index: number): string => {
    const loop = loops[index];
    if (!loop) return "";
    return `${loop.parent >= 0 ? `${name(loop.parent)} > ` : ""}${loop.kind}`;
  };
  return calls
    .map(
      (call) =>
        `${nameOf(call)}${call.loop < 0 ? "" : ` in ${name(call.loop)}`}${call.flows.some((flow) => flow & 1) ? "*" : ""}`,
    )
    .join(", ");
}

describe("loops, and what depends on their elements", () => {
  rows(
    [
      ["R.get(x)", "R.get/1"],
      ["Enum.map(x, fn y -> R.get(y) end)", "R.get/1 in Enum.map*"],
      ["x |> Enum.map(&R.get/1)", "R.get/1 in Enum.map*"],
      ["x |> Enum.map(&R.get(&1, 1))", "R.get/2 in Enum.map*"],
      ["Enum.map(x, & &1.id) |> R.all()", "R.all/1"],
      ["Enum.each(x, fn _ -> R.all(1) end)", "R.all/1 in Enum.each"],
      ["Enum.map(R.all(x), fn y -> y end)", "R.all/1"],
      ["Stream.map(x, fn y -> R.get(y) end)", "R.get/1 in Stream.map*"],
      ["Map.new(x, fn y -> {y, R.get(y)} end)", "R.get/1 in Map.new*"],
      [":lists.map(fn y -> R.get(y) end, x)", "R.get/1 in :lists.map*"],
      ["Stream.repeatedly(fn -> R.get(x) end)", "R.get/1"],
      ["for y <- x, do: R.get(y)", "R.get/1 in for*"],
      ["for y <- R.all(), z <- R.some(y), do: R.get(z)", "R.all/0, R.some/1 in for*, R.get/1 in for > for*"],
      ["for y <- x, R.ok(y), do: y", "R.ok/1 in for*"],
      ["for <<c <- x>>, do: R.get(c)", "R.get/1 in for*"],
      ["for y <- x, reduce: 0 do n -> n + R.get(y) end", "R.get/1 in for*"],
      ["Enum.map(x, fn y -> Enum.map(y, fn z -> R.get(z) end) end)", "R.get/1 in Enum.map > Enum.map*"],
      ["Enum.reduce(x, 0, fn y, n -> n + R.get(y) end)", "R.get/1 in Enum.reduce*"],
      ["Enum.reduce(x, q, fn _, q -> R.get(q) end)", "R.get/1 in Enum.reduce"],
    ] as const,
    (body) => looped(factsOfBody(body)),
  );
});

describe("the element flows", () => {
  rows(
    [
      ["fn %{id: id} -> R.get(id) end", "R.get/1 in Enum.map*"],
      ["fn {_, [%S{id: id} | _]} -> R.get(id) end", "R.get/1 in Enum.map*"],
      ["fn y -> R.get(y.owner.id) end", "R.get/1 in Enum.map*"],
      ["fn y -> id = y.id; R.get(id) end", "R.get/1 in Enum.map*"],
      ["fn y -> {:ok, id} = parse(y); R.get(id) end", "parse/1 in Enum.map*, R.get/1 in Enum.map*"],
      ["fn y -> case y do %{id: id} -> R.get(id) end end", "R.get/1 in Enum.map*"],
      ["fn y -> with {:ok, id} <- y.id, do: R.get(id) end", "R.get/1 in Enum.map*"],
      ["fn y -> if y.id, do: R.get(1), else: R.get(2) end", "R.get/1 in Enum.map, R.get/1 in Enum.map"],
      ['fn y -> R.get("a#{y}") end', "R.get/1 in Enum.map*"],
      ["fn y -> R.get([id: y]) end", "R.get/1 in Enum.map*"],
      ["fn y -> y |> R.get() end", "R.get/1 in Enum.map*"],
      ["&R.get(&1.id)", "R.get/1 in Enum.map*"],
      ["&{&1, R.get(1)}", "R.get/1 in Enum.map"],
      ["fn ^q -> R.get(q) end", "R.get/1 in Enum.map"],
    ] as const,
    (closure) => looped(factsOfBody(`Enum.map(x, ${closure})`)),
  );
});

describe("recursion along a list is a loop", () => {
  rows(
    [
      ["def f([h | t]) do\nR.get(h)\nf(t)\nend", "R.get/1 in recursion*, f/1 in recursion"],
      ["def f([%{id: id} | rest], acc), do: f(rest, [R.get(id) | acc])", "R.get/1 in recursion*, f/2 in recursion*"],
      ["def f([h | t], a), do: t |> f(R.get(h))", "R.get/1 in recursion*, f/2 in recursion*"],
      ["def f([h | t]), do: g(t, R.get(h))", "R.get/1, g/2"],
      ["def f([h | t]), do: f(h, R.get(t))", "R.get/1, f/2"],
      ["def f([h | t]), do: f(h)", "f/1"],
      ["def f([]), do: R.get(1)", "R.get/1"],
    ] as const,
    (text) => looped(clauseOf(text)),
  );
});

describe("batches and short lists", () => {
  rows(
    [
      ["Enum.map(x, &R.get/1)", ""],
      ["x |> Enum.chunk_every(100) |> Enum.map(&R.get/1)", "chunked"],
      ["for y <- Stream.chunk_every(x, 9), do: R.get(y)", "chunked"],
      ["Enum.map([1, 2], &R.get/1)", "fixed"],
      ["Enum.map(~w(a b), &R.get/1)", "fixed"],
      ["for y <- 1..3, do: R.get(y)", "fixed"],
      ["for y <- 1..300, do: R.get(y)", ""],
      ["x |> Enum.take(5) |> Enum.map(&R.get/1)", "fixed"],
      ["Enum.map(@short, &R.get/1)", "fixed"],
    ] as const,
    (body) => {
      const [loop] = factsOfBody(body, "@short [:a, :b]").loops;
      return [loop?.chunked ? "chunked" : "", loop?.fixed ? "fixed" : ""].join("");
    },
  );
});

describe("when a call runs", () => {
  rows(
    [
      ["R.get(x)", "inline"],
      ["Enum.map(x, fn y -> R.get(y) end)", "inline"],
      ["then(x, &R.get/1)", "inline"],
      ["tap(x, fn y -> R.get(y) end)", "inline"],
      ["Repo.transaction(fn -> R.get(x) end)", "inline"],
      ["Map.update!(x, :a, fn y -> R.get(y) end)", "inline"],
      ["Keyword.get_lazy(x, :a, fn -> R.get(x) end)", "inline"],
      ["Keyword.get(x, :a, &R.get/1)", "elsewhere"],
      ["Map.put(x, :a, fn -> R.get(x) end)", "elsewhere"],
      ["Phoenix.Component.assign(x, :a, fn -> R.get(x) end)", "elsewhere"],
      ["Phoenix.Component.assign(x, fn _ -> R.get(x) end)", "inline"],
      ["Task.async(fn -> R.get(x) end)", "elsewhere"],
      ["spawn(fn -> R.get(x) end)", "elsewhere"],
      ["start_async(x, :a, fn -> R.get(x) end)", "elsewhere"],
      ["assign_async(x, :a, fn -> {:ok, %{a: R.get(x)}} end)", "elsewhere"],
      ["fun = fn -> R.get(x) end", "elsewhere"],
      ["fun = &R.get/1", "elsewhere"],
      ["Lock.with_lock(fn -> R.get(x) end)", "handed to Lock.with_lock/1"],
      ["x |> Lock.with_lock(&R.get/1)", "handed to Lock.with_lock/2"],
      ["Lock.a(fn -> Task.async(fn -> R.get(x) end) end)", "elsewhere"],
      ["Lock.a(fn -> Lock.b(fn -> R.get(x) end) end)", "elsewhere"],
      ["Lock.a(fn -> Enum.map(x, fn y -> R.get(y) end) end)", "handed to Lock.a/1"],
      ["if x, do: R.get(x)", "inline"],
      ["try do R.get(x) after :ok end", "inline"],
    ] as const,
    (body) => {
      const { calls } = factsOfBody(body);
      const runs = calls.find((call) => call.module === "R")?.runs;
      if (typeof runs !== "object") return String(runs);
      const receiver = calls[runs.handedTo];
      return `handed to ${receiver && nameOf(receiver)}`;
    },
  );
});

describe("what stands behind `connected?`", () => {
  rows(
    [
      ["R.get(x)", false],
      ["if connected?(x), do: R.get(x)", true],
      ["if connected?(x) do\n:ok\nelse\nR.get(x)\nend", false],
      ["if !connected?(x), do: R.get(x)", false],
      ["if not connected?(x) do\n:ok\nelse\nR.get(x)\nend", true],
      ["unless connected?(x), do: R.get(x)", false],
      ["unless connected?(x) do\n:ok\nelse\nR.get(x)\nend", true],
      ["if connected?(x) && y, do: R.get(x)", true],
      ["connected?(x) && R.get(x)", true],
      ["connected?(x) and R.get(x)", true],
      ["if connected?(x) do\nEnum.each(x, fn y -> R.get(y) end)\nend", true],
      ["if connected?(x), do: :ok\nR.get(x)", false],
      ["with true <- connected?(x), do: R.get(x)", true],
      ["with true <- connected?(x), :ok <- R.get(x), do: :ok", true],
      ["cond do\nconnected?(x) -> R.get(x)\ntrue -> :ok\nend", true],
      ["cond do\nconnected?(x) -> :ok\ntrue -> R.get(x)\nend", false],
      ["case connected?(x) do\ntrue -> R.get(x)\nfalse -> :ok\nend", true],
    ] as const,
    (body) => factsOfBody(body, "use Phoenix.LiveView").calls.find((call) => call.module === "R")?.connected ?? null,
  );
});

describe("what is no fact", () => {
  rows(
    [
      ["Enum.count(x)", ""],
      ['Logger.info("a")', ""],
      ["x.y()", ""],
      ["x.(1)", ""],
      ["is_nil(x)", ""],
      ["quote do\nR.get(1)\nend", ""],
      ["&R.get/1", "R.get/1"],
      ["R.get", "R.get/0"],
      ["g(x)", "g/1"],
      ["if x do\nR.get(1)\nend", "R.get/1"],
      ["foo x do\n1\nend", "foo/2"],
      ['~H"<p>{R.get(@x)}</p>"', "R.get/1"],
    ] as const,
    (body) => looped(factsOfBody(body)),
  );
});

describe("calls stand in the order in which they run", () => {
  rows(
    [
      ["x |> R.a() |> R.b()", "R.a/1, R.b/1"],
      ["R.b(R.a(x), fn -> R.c() end)", "R.a/1, R.b/2, R.c/0"],
      ["case R.a(x) do nil -> R.b(x) end", "R.a/1, R.b/1"],
      ["with y <- R.a(x), z <- R.b(y), do: R.c(z)", "R.a/1, R.b/1, R.c/1"],
    ] as const,
    (body) => looped(factsOfBody(body)),
  );
});

describe("what only runs when a cache does not know", () => {
  rows(
    [
      ["C.cache_fetch(x, fn -> R.a() end)", "R.a"],
      ["My.Cache.get_or_store(x, &R.a/1)", "R.a"],
      ["case :ets.lookup(:t, x) do [] -> R.a(x); [y] -> y end", "R.a"],
      ["y = Cachex.get!(:c, x)\nif y, do: y, else: R.a(x)", "R.a"],
      ["{:ok, y} = Cachex.get(:c, x)\ny || R.a(x)", "R.a"],
      ["with nil <- Process.get(x), do: R.a(x)", "R.a"],
      ["with nil <- Process.get(x), y <- R.a(x), do: y", "R.a"],
      ["ConCache.get(:c, x) |> case do nil -> R.a(x); y -> y end", "R.a"],
      ["My.Cache.put(x, R.a(x))", ""],
      ["My.Cache.delete(x)\nR.a(x)", ""],
      ["Enum.map(My.Cache.get(:all), fn y -> R.a(y) end)", ""],
      ["case R.a(x) do nil -> My.Cache.put(x); y -> y end", ""],
    ] as const,
    (body) =>
      factsOfBody(body)
        .calls.filter(({ cached }) => cached)
        .map(({ module, name }) => `${module}.${name}`)
        .join(),
  );
});

describe("what is done for one key of a map is done once", () => {
  rows(
    [
      ['fn {key, y} -> case key do "a" -> R.a(y) end end', "R.a/1"],
      ["fn {key, y} -> case key do k -> R.a(k) end end", "R.a/1 in Enum.map*"],
      ["fn {:a, y} -> R.a(y); {:b, y} -> y end", "R.a/1"],
      ["fn y -> case y do :a -> R.a(y) end end", "R.a/1 in Enum.map*"],
      ["fn y -> Ecto.Multi.run(m, y, fn _, _ -> R.a(y) end) end", "Ecto.Multi.run/3 in Enum.map*, R.a/1"],
    ] as const,
    (closure) => looped(factsOfBody(`Enum.map(x, ${closure})`)),
  );
});

/** The calls that hold data: of parameters by index, `in` for a request's, `form` for a changeset's. */
function held({ calls }: ClauseFacts): string {
  const words = (flow: number): string =>
    [...heldParameters(flow), ...(flow & INPUT ? ["in"] : []), ...(flow & FIELD ? ["form"] : [])].join("+");
  return calls
    .map(({ name, flows }) => `${name}(${flows.map(words).join(", ")})`)
    .filter((call) => !/^\w+[!?]?\([, ]*\)$/.test(call))
    .join(" ");
}

describe("the data that arguments hold", () => {
  rows(
    [
      ["S.go(x)", "go(0)"],
      ["S.go(x.name)", "go(0)"],
      ['S.go(x["name"])', "go(0)"],
      ['S.go(@names["a"][x])', ""],
      ['S.go("a#{x}")', "go(0)"],
      ['S.go("a" <> x)', "go(0)"],
      ["S.go(x == 1)", ""],
      ["S.go(Map.get(@names, x, x))", "go(0)"],
      ["S.go(Map.get(@names, x))", ""],
      ["S.go(x |> String.trim() |> String.downcase())", "go(0)"],
      ["S.go(String.to_integer(x))", ""],
      ["S.go(Repo.get(User, x))", "get(, 0)"],
      ["y = x.name\nS.go(y)", "go(0)"],
      ["%{name: y} = x\nS.go(y)", "go(0)"],
      ["for y <- x, do: S.go(y)", "go(0)"],
      ["for y <- x, y in @names, do: S.go(y)", ""],
      ["Enum.each(x, &S.go(&1))", "go(0)"],
      ["x |> Enum.filter(&(&1 in @names)) |> Enum.each(&S.go/1)", ""],
      ["x |> Enum.reject(&is_nil/1) |> Enum.each(&S.go/1)", "go(0)"],
      ["if x in @names, do: S.go(x)", ""],
      ["if S.valid?(x), do: S.go(x)", ""],
      ["S.go(if x, do: x.name, else: 1)", "go(0)"],
      ["S.go(if x, do: 2, else: 1)", ""],
      ["S.go(a: x, b: 1)", ""],
      ["S.go(a: x, b: x.name)", "go(0)"],
      ["S.go(%{x | a: 1})", "go(0)"],
      ["S.go(%User{name: x})", ""],
      ["S.go(conn.params)", "go(in)"],
      ["S.go(socket.assigns.params)", "go(in)"],
      ["S.go(Plug.Conn.get_req_header(conn, x))", "get_req_header(, 0) go(in)"],
      ["S.go(Ecto.Changeset.get_field(x, :a))", "go(form)"],
      ['S.go(:"a#{x}")', "binary_to_atom(0)"],
    ],
    (body) => held(factsOfBody(body)),
  );
});
