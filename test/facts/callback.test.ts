import { describe } from "node:test";
import { clauseOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

describe("how a callback treats its state", () => {
  rows(
    [
      ["def handle_call(:a, _from, state), do: {:reply, 1, state}", "returned"],
      ["def handle_call(:a, _from, _state), do: {:reply, 1, nil}", "used"],
      ["def handle_call(:a, _from, state), do: {:reply, state, state}", "used"],
      ["def handle_call(:a, _from, state), do: {:reply, state.a, state}", "used"],
      ["def handle_call(:a, _from, %{a: a} = state), do: {:reply, a, state}", "used"],
      ["def handle_call(:a, _from, state), do: {:reply, 1, Map.put(state, :a, 1)}", "used"],
      ["def handle_call(:a, _from, state) when state > 1, do: {:reply, 1, state}", "used"],
      ["def handle_call(a, _from, state) do\nif a, do: {:reply, 1, state}, else: {:noreply, state}\nend", "returned"],
      [
        "def handle_call(a, _from, state) do\ncase a do\n1 -> {:reply, 1, state}\n2 -> {:stop, :x, 1, state}\nend\nend",
        "returned",
      ],
      ["def handle_call(a, _from, state) do\nb = f(state)\n{:reply, b, state}\nend", "used"],
      ["def handle_call(a, _from, state), do: helper(a, state)", "used"],
      ["def handle_call(:a, _from, state), do: g() |> then(&{:reply, &1, state})", "returned"],
      ["def handle_call(:a, _from, state), do: g() |> (&{:reply, &1, state}).()", "returned"],
      ["def handle_call(:a, _from, state), do: then(g(), fn x -> {:reply, x, state} end)", "returned"],
      ["def handle_call(:a, _from, state), do: g() |> then(&{:reply, &1, [&1 | state]})", "used"],
      ["def handle_call(:a, _from, state), do: state |> then(&{:reply, &1, state})", "used"],
      ["def handle_call(:a, _from, state), do: g() |> then(&answer(&1, state))", "used"],
      ["def handle_call(:a, from, state) do\nf(from)\n{:noreply, state, 5000}\nend", "returned"],
      [
        "def handle_call(a, _from, state) do\n{:reply, g(), state}\nrescue\n_ -> {:reply, :error, state}\nend",
        "returned",
      ],
      ["def handle_call(a, _from, state) do\n{:reply, g(), state}\nrescue\n_ -> {:reply, state, state}\nend", "used"],
      ["def handle_call(a, _from, state) do\n{:reply, g(), state}\nafter\nf(state)\nend", "used"],
      ["def handle_call(a, _from, state) do\nf(binding())\n{:reply, 1, state}\nend", "used"],
      ["def handle_cast(:a, state), do: {:noreply, state}", "returned"],
      ["def handle_info(_, state), do: {:noreply, state}", "returned"],
      ["def handle_continue(:a, state), do: {:noreply, state}", "returned"],
      ["def terminate(_reason, _state), do: :ok", "ignored"],
      ["def terminate(_reason, state), do: f(state)", "used"],
      ["def init(_arg), do: :ignore", "ignored"],
      ["def init(arg), do: {:ok, arg}", "returned"],
      ["def init(arg), do: {:ok, %{a: arg}}", "used"],
      ["def handle_call(a, state), do: state", null],
      ["def helper(state), do: state", null],
      ["def handle_call(a, b, c)", null],
    ] as const,
    (text) => clauseOf(text).callback?.state ?? null,
  );
});

describe("the literal that a callback's state is", () => {
  rows(
    [
      ["def init(nil), do: {:ok, nil}", ":nil"],
      ["def init(_), do: if(on?(), do: {:ok, []}, else: :ignore)", "[]"],
      ["def init(arg), do: {:ok, arg}", null],
      ["def handle_call(:a, _from, nil), do: {:reply, 1, nil}", ":nil"],
      ["def handle_call(:a, _from, _state), do: {:reply, 1, 0}", "0"],
      ["def handle_call(:a, _from, %{}), do: {:reply, 1, %{}}", "%{}"],
      ["def handle_call(:a, _from, %{}), do: {:reply, 1, %{a: 1}}", null],
      ["def handle_call(:a, _from, nil), do: {:reply, 1, :on}", null],
      ["def handle_call(:a, _from, nil), do: answer()", null],
      ["def handle_call(:a, _from, state), do: {:reply, 1, state}", null],
      ["def handle_call(:a, _from, state), do: {:reply, state, nil}", null],
      ["def handle_info(a, state), do: if(a, do: {:noreply, nil}, else: {:noreply, state})", ":nil"],
      ["def terminate(_reason, nil), do: close()", ":nil"],
    ] as const,
    (text) => clauseOf(text).callback?.literalState ?? null,
  );
});

describe("what a callback returns", () => {
  rows(
    [
      ["def handle_call(:a, _, s), do: {:reply, 1, s}", 1],
      ["def handle_call(:a, _, s) do\nf()\nif s, do: {:reply, 1, s}, else: {:noreply, s}\nend", 2],
      [
        "def handle_call(a, _, s) do\ncase a do\n1 -> {:noreply, s}\n2 -> with {:ok, _} <- f(), do: {:noreply, s}\nend\nend",
        2,
      ],
      [
        "def handle_call(:a, _, s) do\n{:reply, 1, s}\nrescue\n_ -> {:noreply, s}\ncatch\n_, _ -> {:noreply, s}\nend",
        3,
      ],
      ["def handle_call(:a, _, s) do\n{:reply, 1, s}\nafter\n1\nend", 1],
      ["def handle_call(:a, _, s), do: g() |> then(fn 1 -> {:reply, 1, s}\n_ -> {:noreply, s} end)", 2],
    ] as const,
    (text) => clauseOf(text).callback?.returns.length ?? -1,
  );
});
