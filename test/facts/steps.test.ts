import { describe } from "node:test";
import { leadsTo, needsSuccess } from "../../server/src/facts/branch.ts";
import type { CallFact, ClauseFacts } from "../../server/src/facts/facts.ts";
import { clauseOf, factsOfBody } from "../support/facts.ts";
import { rows } from "../support/table.ts";

function called(clause: ClauseFacts, name: string): CallFact {
  const call = clause.calls.find((candidate) => candidate.module === "R" && candidate.name === name);
  if (!call) throw new Error(`no call of ${name}`);
  return call;
}

describe("which results a call is given", () => {
  rows(
    [
      ["y = R.save()\nR.b(y)", true],
      ["R.b(R.save())", true],
      ["R.save() |> f() |> R.b()", true],
      ["{:ok, y} = R.save()\nz = y.id\nR.b(z)", true],
      ["case R.save() do\n{:ok, y} -> R.b(y)\nend", true],
      ["case R.save() do\n{:error, y} -> R.b(y)\nend", false],
      ["with {:ok, y} <- R.save(), do: R.b(y)", true],
      ["R.save() |> tap(fn y -> R.b(y) end)", true],
      ["for y <- R.save(), do: R.b(y)", true],
      ["Enum.each(R.save(), fn y -> R.b(y) end)", true],
      ["y = R.save()\ny = 1\nR.b(y)", false],
      ["R.save()\nR.b(x)", false],
    ] as const,
    (body) => {
      const clause = factsOfBody(body);
      return called(clause, "b").uses.includes(clause.calls.indexOf(called(clause, "save")));
    },
  );
});

describe("whether one call leads to another", () => {
  rows(
    [
      ["R.a()\nR.b()", true],
      ["R.a()\nif x, do: R.b()", true],
      ["if x, do: R.a()\nR.b()", false],
      ["if x, do: R.a(), else: R.b()", false],
      ["case x do\n1 -> R.a()\n_ -> R.b()\nend", false],
      ["cond do\nx -> R.a()\ntrue -> R.b()\nend", false],
      ["case R.a() do\n{:ok, _} -> R.b()\n_ -> 1\nend", true],
      ["case R.a() do\n{:error, _} -> R.b()\n_ -> 1\nend", false],
      ["with {:ok, _} <- R.a(), do: R.b()", true],
      ["with {:ok, _} <- R.a() do\nR.b()\nelse\n_ -> 1\nend", true],
      ["with {:ok, _} <- R.a() do\n1\nelse\n_ -> R.b()\nend", false],
      ["try do\nR.a()\nrescue\n_ -> R.b()\nend", false],
      ["try do\nR.a()\nafter\nR.b()\nend", true],
      ["R.a()\ntry do\nR.b()\nrescue\n_ -> 1\nend", true],
      ["then(x, fn\n1 -> R.a()\n_ -> R.b()\nend)", false],
    ] as const,
    (body) => {
      const clause = factsOfBody(body);
      return leadsTo(clause, called(clause, "a"), called(clause, "b"));
    },
  );
  rows([["def f(x) do\nR.a()\nrescue\n_ -> R.b()\nend", false]] as const, (text) => {
    const clause = clauseOf(text);
    return leadsTo(clause, called(clause, "a"), called(clause, "b"));
  });
});

describe("whether a call needs the success of another", () => {
  rows(
    [
      ["{:ok, x} = R.a()\nR.b()", true],
      ["R.a()\nR.b()", false],
      ["with {:ok, _} <- R.a(), do: R.b()", true],
      ["case R.a() do\n{:ok, _} -> R.b()\n_ -> 1\nend", true],
      ["R.a() |> case do\n{:ok, _} -> if x, do: R.b()\n_ -> 1\nend", true],
      ["case R.a() do\n{:ok, _} -> 1\n_ -> 2\nend\nR.b()", false],
      ["case f(R.a()) do\n{:ok, _} -> R.b()\n_ -> 1\nend", false],
    ] as const,
    (body) => {
      const clause = factsOfBody(body);
      return needsSuccess(clause, clause.calls.indexOf(called(clause, "a")), called(clause, "b"));
    },
  );
});

describe("what becomes of a call's value", () => {
  rows(
    [
      ["{:ok, _} = R.a()", "asserted"],
      [":ok = R.a()", "asserted"],
      ["y = R.a()\ny", "kept"],
      ["R.a()\n1", "discarded"],
      ["R.a()", "kept"],
      ["with {:ok, y} <- R.a(), do: y", "checked"],
      ["with :ok <- R.a(), do: y", "checked"],
      ["case R.a() do\n{:ok, y} -> y\n{:error, _} -> 1\nend", "checked"],
      ["R.a() |> case do\n{:ok, y} -> y\nend", "checked"],
      ["case R.a() do\nnil -> 1\n_ -> 2\nend", "asked"],
      ["{:ok, R.a()}", "assumed"],
      ["{:error, R.a()}", "kept"],
    ] as const,
    (body) => called(factsOfBody(body), "a").outcome,
  );
});

describe("which transaction a call stands in", () => {
  rows(
    [
      ["Repo.transaction(fn -> R.a() end)", "Repo.transaction"],
      ["Repo.transact(fn -> R.a() end, timeout: 1)", "Repo.transact"],
      ["Repo.transaction(&R.a/0)", "Repo.transaction"],
      ["x.transaction(fn -> R.a() end)", "?.transaction"],
      ["Ecto.Multi.run(x, :a, fn _, _ -> R.a() end)", "Ecto.Multi.run"],
      ["Ecto.Multi.run(x, :a, &R.a/2)", "Ecto.Multi.run"],
      ["x |> Ecto.Multi.merge(fn _ -> R.a() end)", "Ecto.Multi.merge"],
      ["Repo.transaction(fn -> Enum.each(x, fn y -> R.a(y) end) end)", "Repo.transaction"],
      ["Repo.transaction(R.a())", null],
      ["Repo.checkout(fn -> R.a() end)", null],
      ["R.a() |> Repo.transaction()", null],
    ] as const,
    (body) => {
      const { transaction } = called(factsOfBody(body), "a");
      return transaction && `${transaction.module ?? "?"}.${transaction.name}`;
    },
  );
});
