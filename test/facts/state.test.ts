import { describe } from "node:test";
import { clauseOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

/** The state facts of a clause of a GenServer. */
function stateOf(text: string) {
  return clauseOf(text, "use GenServer").state;
}

describe("what a callback adds to", () => {
  rows(
    [
      ["def handle_cast({:a, x}, s), do: {:noreply, [x | s]}", [""]],
      ["def handle_cast({:a, x}, s), do: {:noreply, %{s | xs: [x | s.xs]}}", ["xs"]],
      ["def handle_cast({:a, x}, %{xs: xs} = s), do: {:noreply, %{s | xs: xs ++ [x]}}", ["xs"]],
      ["def handle_cast({:a, x}, s) do\nxs = MapSet.put(s.xs, x)\n{:noreply, %{s | xs: xs}}\nend", ["xs"]],
      ["def handle_cast({:a, x}, s), do: {:noreply, put_in(s.xs[x], 1)}", ["xs"]],
      ["def handle_cast({:a, x}, s), do: {:noreply, put_in(s, [:a, :xs, x], 1)}", ["a.xs"]],
      ["def handle_cast({:a, x}, s), do: {:noreply, Map.update!(s, :xs, &[x | &1])}", ["xs"]],
      ["def handle_cast({:a, x}, s), do: {:noreply, if(x, do: Map.put(s, x, 1), else: s)}", [""]],
      ["def handle_cast({:a, xs}, s), do: {:noreply, Enum.reduce(xs, s, fn x, s -> Map.put(s, x, 1) end)}", [""]],
      ["def handle_cast(:a, s) do\nref = make_ref()\n{:noreply, Map.put(s, ref, 1)}\nend", [""]],
      ["def handle_cast({:a, x}, s), do: {:noreply, %{s | m: Map.put(s.m, s.n, x), n: s.n + 1}}", ["m"]],
      ["def handle_cast({:a, x}, %{n: n} = s), do: {:noreply, %{s | m: Map.put(s.m, n, x), n: n + 1}}", ["m"]],
      ["def handle_cast({:a, x}, s) do\nn = s.n + 1\n{:noreply, %{s | m: Map.put(s.m, n, x), n: n}}\nend", ["m"]],
      [
        "def handle_cast({:a, x}, %{n: n} = s) do\nnext = s |> Map.update!(:n, &(&1 + 1)) |> Map.update!(:m, &Map.put(&1, n, x))\n{:noreply, next}\nend",
        ["m"],
      ],
      ["def handle_cast({:a, x}, s), do: {:noreply, %{s | m: Map.put(s.m, s.n, x), n: rem(s.n + 1, 9)}}", []],
      ["def handle_cast({:a, x}, s), do: {:noreply, %{s | m: Map.put(s.m, rem(s.n, 9), x), n: s.n + 1}}", []],
      ["def handle_cast({:a, x}, %{n: n} = s) when n < 9, do: {:noreply, %{s | m: Map.put(s.m, n, x), n: n + 1}}", []],
      ["def handle_cast({:a, x}, s), do: {:noreply, %{s | m: Map.put(s.m, s.k, x), n: s.n + 1}}", []],
      ["def handle_cast({:a, x}, s), do: {:noreply, %{s | x => 1}}", []],
      ["def handle_cast({:a, x}, s), do: {:noreply, Map.put(s, :x, x)}", []],
      ["def handle_cast({:a, x}, s), do: {:noreply, Map.put(s, s.count, x)}", []],
      ["def handle_cast({:a, type}, s), do: {:noreply, Map.put(s, type, 1)}", []],
      ["def handle_cast({:a, x}, s) when x in [1, 2], do: {:noreply, Map.put(s, x, 1)}", []],
      ["def handle_call({:a, x}, _from, s), do: {:reply, [x | s], s}", []],
      ["defp add(state, x), do: %{state | xs: [x | state.xs]}", ["xs"]],
    ] as const,
    (text) => stateOf(text)?.grows.map(({ field }) => field),
  );
});

describe("what a callback may take away from", () => {
  rows(
    [
      ["def handle_cast({:a, x}, s), do: {:noreply, Map.delete(s, x)}", [""]],
      ["def handle_cast({:a, x}, s), do: {:noreply, %{s | xs: Enum.reject(s.xs, &(&1 == x))}}", ["xs"]],
      ["def handle_cast(:a, s), do: {:noreply, %{s | xs: []}}", ["xs"]],
      ["def handle_cast(:a, %{xs: [_ | xs]} = s), do: {:noreply, %{s | xs: xs}}", ["xs"]],
      ["def handle_cast(:a, _), do: {:noreply, %{}}", [""]],
      ["def handle_cast({:a, x}, s) do\n{_, s} = pop_in(s.xs[x])\n{:noreply, s}\nend", ["xs.[]"]],
      ["def handle_cast(:a, s), do: {:noreply, Other.sweep(s)}", ["*", ""]],
      ["def handle_cast({:a, x}, s), do: {:noreply, [x | s]}", []],
      ["defp prune(state), do: %{state | xs: Enum.take(state.xs, 3)}", ["xs"]],
      [
        "def handle_cast({:a, x}, s), do: if(length(s.xs) < 9, do: {:noreply, %{s | n: x}}, else: {:noreply, s})",
        ["n", "xs"],
      ],
      ["defp room?(state), do: map_size(state.xs) < 9", ["xs"]],
      ["defp room?(state), do: map_size(state) < 9", ["*"]],
      ["def handle_cast({:a, %{ttl: ttl} = x}, s) do\nStore.put(x, ttl)\n{:noreply, %{s | n: x}}\nend", ["n"]],
      ["def handle_cast({:a, xs}, s), do: {:noreply, Map.put(s, :n, [Enum.reject(xs, & &1) | s.n])}", ["n"]],
    ] as const,
    (text) => stateOf(text)?.shrinks,
  );
});

describe("what a call does to an agent", () => {
  rows(
    [
      ["def put(k, v), do: Agent.update(A, &Map.put(&1, k, v))", [[""], []]],
      ["def put(x), do: Agent.update(A, &[x | &1])", [[""], []]],
      ["def put(x), do: Agent.cast(A, fn s -> %{s | xs: [x | s.xs]} end)", [["xs"], []]],
      ["def put(x), do: Agent.get_and_update(A, fn s -> {:ok, [x | s]} end)", [[""], []]],
      ["def put(x), do: Agent.get_and_update(A, fn _ -> :pop end)", [[], ["*"]]],
      ["def put(x) do\nkey = x.id\nAgent.update(A, &Map.put(&1, key, x))\nend", [[""], []]],
      ["def put(x), do: Agent.update(A, &Map.put(&1, :last, x))", [[], []]],
      ["def flush, do: Agent.update(A, fn _ -> %{} end)", [[], ["*"]]],
      ["def put(x), do: Agent.update(A, fn s -> tidy([x | s]) end)", [[""], ["*"]]],
      ["def put(x), do: Agent.update(A, fn s -> add(s, x) end)", [[], ["*"]]],
      ["def put(x), do: Agent.update(A, fn s -> Map.delete(s, x) end)", [[], [""]]],
      ["def put(x), do: Agent.update(A, Other, :add, [x])", [[], ["*"]]],
    ] as const,
    (text) => {
      const [change] = clauseOf(text).agentChanges;
      return [change?.grows.map(({ field }) => field), change?.shrinks];
    },
  );
});

describe("whether a callback only gets or puts", () => {
  rows(
    [
      ["def handle_call({:get, k}, _from, s), do: {:reply, Map.get(s, k), s}", "get"],
      ["def handle_call(:a, _from, %{a: a} = s), do: {:reply, a, s}", "get"],
      ["def handle_call(:a, _from, s), do: {:reply, s, s}", "get"],
      ["def handle_call({:get, k}, _from, s) do\nv = s[k]\n{:reply, v, s}\nend", "get"],
      ["def handle_call({:put, k, v}, _from, s), do: {:reply, :ok, Map.put(s, k, v)}", "put"],
      ["def handle_cast({:put, v}, s), do: {:noreply, %{s | a: v}}", "put"],
      ["def handle_cast({:set, s}, _), do: {:noreply, s}", "put"],
      ["def handle_call(:size, _from, s), do: {:reply, map_size(s), s}", null],
      ["def handle_cast({:add, v}, s), do: {:noreply, [v | s]}", null],
      ["def handle_cast({:put, k, v}, s) when v > 1, do: {:noreply, Map.put(s, k, v)}", null],
      ["def handle_cast({:put, k, v}, s), do: {:noreply, Map.put(s, k, check(v))}", null],
      ["def handle_call({:get, k}, _from, s), do: if(s[k], do: {:reply, 1, s}, else: {:reply, 2, s})", "get"],
      ["def handle_call({:get, k}, _from, s), do: {:reply, {:ok, Map.get(s, k)}, s}", "get"],
      [
        "def handle_call({:get, k}, _, s) do\ncase Map.fetch(s, k) do\n{:ok, v} -> {:reply, v, s}\n_ -> {:reply, nil, s}\nend\nend",
        "get",
      ],
      ["def handle_call({:get, k}, _from, s), do: if(s[k], do: {:reply, 1, s}, else: {:reply, 2, %{}})", null],
      ["def handle_call({:get, k}, _from, s), do: if(s[k] > 1, do: {:reply, 1, s}, else: {:reply, 2, s})", null],
      ["def handle_call({:get, k}, _from, s), do: if(k, do: {:reply, 1, s}, else: {:reply, 2, s})", null],
      ["def handle_call(:ping, _from, s), do: {:reply, :pong, s}", null],
      ["def handle_info({:put, k, v}, s), do: {:noreply, Map.put(s, k, v)}", null],
    ] as const,
    (text) => stateOf(text)?.access,
  );
});
