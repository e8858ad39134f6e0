import { describe } from "node:test";
import { clauseOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

describe("the large things that a function may broadcast", () => {
  rows(
    [
      ["def f(x) do\nrows = Repo.all(x)\nbroadcast(x, {:a, rows})\nend", "1 rows rows"],
      ["def f(x), do: broadcast(x, Repo.all(x))", "1 rows "],
      ["def f(x) do\nx = Repo.preload(x, :a)\nbroadcast(%{a: x})\nend", "0 preloaded x"],
      ["def f(x) do\nx |> Repo.preload(:a) |> notify()\nend", "0 preloaded "],
      ["def f(x) do\nrows = list_rows()\npublish([rows])\nend", "0 rows rows"],
      ["def f(x) do\nrows = x |> Repo.all() |> Enum.filter(& &1.a)\npublish(rows)\nend", "0 rows rows"],
      ["def f(socket), do: broadcast(socket.assigns)", "0 assigns socket.assigns"],
      ["def handle_cast(:a, state) do\nbroadcast(state)\nend", "0 state state"],
      ["def handle_cast(:a, state) do\nbroadcast(state.name)\nend", ""],
      ["def f(x) do\nrows = Repo.all(x)\nbroadcast(length(rows))\nend", ""],
      ["def f(x) do\nrows = Repo.all(x)\nrows = 1\nbroadcast(rows)\nend", ""],
      ["def f(x) do\nrows = Repo.all(x)\nbroadcast({:deleted, rows})\nend", ""],
      ["def delete(x) do\nrows = Repo.all(x)\nbroadcast(rows)\nend", ""],
      ['def f(user) do\nrows = Repo.all(user)\nbroadcast("users:#{user.id}", rows)\nend', ""],
      ["def f(x), do: broadcast(list_topic(), x)", ""],
      ["def f(x) do\nrows = Repo.all(x)\nshow(rows)\nend", ""],
    ],
    (clause) =>
      clauseOf(clause, "use GenServer")
        .payloads.map(({ argument, kind, name }) => `${argument} ${kind} ${name}`)
        .join(", "),
  );
});

describe("messages that a process drops when they are not for it", () => {
  const handle = (body: string): string => `def handle_info({:a, id}, socket) do\n${body}\nend`;
  const drop = "do: {:noreply, f(socket)}, else: {:noreply, socket}";
  rows(
    [
      [handle(`if id == socket.assigns.a.id, ${drop}`), true],
      [handle("unless id != socket.assigns.id do\n{:noreply, f(socket)}\nelse\n{:noreply, socket}\nend"), true],
      [handle(`if id == 1, ${drop}`), false],
      [handle(`if socket.assigns.a == socket.assigns.b, ${drop}`), false],
      [handle("if id == socket.assigns.id, do: {:noreply, f(socket)}, else: {:noreply, g(socket)}"), false],
      [handle(`log()\nif id == socket.assigns.id, ${drop}`), false],
    ],
    (clause) => clauseOf(clause).filters !== null,
  );
});
