import { describe } from "node:test";
import { clauseOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

/** The entry facts of a clause of a connection. */
function entriesOf(text: string) {
  const { entries } = clauseOf(text, "@behaviour WebSock");
  if (!entries) throw new Error(`no entries: ${text}`);
  return entries;
}

describe("entries that are answered and stay", () => {
  rows(
    [
      ["def f(id, s) do\nProcess.cancel_timer(s.open[id])\n{:ok, s}\nend", ["open"]],
      ["def f(id, s) do\n%{from: from} = Map.fetch!(s.open, id)\nGenServer.reply(from, 1)\n{:ok, s}\nend", ["open"]],
      ["def f(id, %{open: open} = s) do\n{t, _} = open[id]\n:timer.cancel(t)\n{:ok, s}\nend", ["open"]],
      ["def f(id, %{open: %{^id => t}} = s) do\n:erlang.cancel_timer(t)\n{:ok, s}\nend", ["open"]],
      ["def f(id, s) do\nProcess.cancel_timer(s.open[id])\n{:stop, :normal, s}\nend", []],
      ["def f(id, s) do\nProcess.cancel_timer(s.open[id])\n{:ok, %{s | open: Map.delete(s.open, id)}}\nend", []],
      ["def f(id, s) do\nProcess.cancel_timer(s.open[id])\n{:ok, put_in(s.open[id], 1)}\nend", []],
      ["def f(t, s) do\nProcess.cancel_timer(t)\n{:ok, s.open[t]}\nend", []],
    ],
    (text) => entriesOf(text).answers.map(({ field }) => field),
  );
});

describe("keys that are new each time", () => {
  rows(
    [
      ["def f(x, s), do: %{s | open: Map.put(s.open, make_ref(), x)}", "new"],
      ["def f(x, s) do\nid = System.unique_integer()\nput_in(s.open[id], x)\nend", "new"],
      ["def f(x, s) do\n{:ok, id} = Gate.ask(x)\nput_in(s, [:open, id], x)\nend", "call"],
      ["def f(x, s) do\nid = Gate.ask(x).id\nMap.update!(s, :open, &Map.put(&1, id, x))\nend", "call"],
      ["def f(x, s), do: %{s | open: Map.put(s.open, x, 1)}", "parameter"],
      ["def f({x, y}, s), do: %{s | open: Map.put(s.open, x, y)}", null],
      ["def f(x, s), do: %{s | open: Map.put(s.open, x.id, x)}", null],
    ],
    (text) => entriesOf(text).adds[0]?.key?.kind ?? null,
  );
});

describe("fields that are used in another way", () => {
  rows(
    [
      ["def f(id, s), do: {:ok, %{s | open: Map.delete(s.open, id)}}", ["open"]],
      ["def f(id, s), do: {:ok, Map.delete(s, :open)}", ["open"]],
      ["def f(id, %{open: open} = s) do\nopen = Map.delete(open, id)\n{:ok, %{s | open: open}}\nend", ["open"]],
      ["def f(id, s), do: {:ok, update_in(s.open, &Map.delete(&1, id))}", ["open"]],
      ["def f(id, s), do: {:ok, update_in(s, [:open], &Map.delete(&1, id))}", ["open"]],
      ["def f(id, s), do: {:ok, elem(pop_in(s.open[id]), 1)}", ["open"]],
      ["def f(id, s), do: {:ok, prune(s.open)}", ["open"]],
      ["def f(id, s), do: {:ok, map_size(s.open)}", []],
      ["def f(id, s), do: {:ok, Map.has_key?(s.open, id)}", []],
      ["def f(id, %{open: open} = s), do: {:ok, %{s | open: Map.put(open, id, 1)}}", []],
    ],
    (text) => entriesOf(text).otherwise,
  );
});
