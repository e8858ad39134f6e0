import { describe } from "node:test";
import { clauseOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

describe("the pids that a callback collects in its state", () => {
  rows(
    [
      ["def handle_call(:a, {pid, _}, s), do: {:reply, :ok, MapSet.put(s, pid)}", "pid"],
      ["def handle_call(:a, {who, _} = from, s), do: {:reply, from, [who | s.all]}", "who"],
      ["def handle_cast({:a, client_pid}, s), do: {:noreply, %{s | m: Map.put(s.m, client_pid, 1)}}", "client_pid"],
      ["def handle_cast({:a, pid}, %{m: m} = s), do: {:noreply, %{s | m: Map.put_new(m, 1, {pid, 2})}}", "pid"],
      ["def handle_info({:a, pid}, s) do\nm = s.m\n{:noreply, %{s | m: :queue.in(pid, m)}}\nend", "pid"],
      ["def handle_cast({:a, pid}, s), do: {:noreply, Map.update(s, :x, [pid], & &1)}", ""],
      ["def handle_cast({:a, pid}, s), do: {:noreply, Map.put(s, :owner, pid)}", ""],
      ["def handle_cast({:a, pid}, s), do: {:noreply, f([pid | g()], s)}", ""],
      ["def handle_cast({:a, pid}, s), do: {:noreply, MapSet.put(s, f(pid))}", ""],
      ["def handle_call(:a, from, s), do: {:noreply, [from | s]}", ""],
      ["def handle_call(:a, {_pid, _}, s), do: {:reply, :ok, s}", ""],
      ["def handle_continue({:a, pid}, s), do: {:noreply, [pid | s]}", ""],
      ["def init(pid), do: {:ok, [pid | []]}", ""],
    ] as const,
    (text) => (clauseOf(text).callback?.collects ?? []).map(({ pid }) => pid).join(" "),
  );
});
