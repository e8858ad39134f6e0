import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MixProject } from "../../server/src/lint/mix-project.ts";
import { defaultSettings } from "../../server/src/lint/session.ts";
import { parser } from "../support/engine.ts";

/** What the tests of a module named `DepotTest` do, by kind. */
function tested(body: string): string {
  const project = new MixProject(defaultSettings("/app"), {
    parser,
    rules: [],
    log: assert.fail,
    clock: () => 0,
    timing: null,
  });
  const text = `defmodule DepotTest do\n  use ExUnit.Case\n  alias Depot.{Shelf, Crane}\n${body}\nend\n`;
  project.update("/app/test/depot_test.exs", text);
  project.refresh(true);
  const [module] = project.project.modules();
  return (module?.tested ?? [])
    .map(({ calls, messages, mentions, errors }) => {
      const sent = messages.map(({ kind, message }) => `${kind} ${message.kind}`);
      return `${calls.join(" ")} | ${sent.join(" ")} | ${mentions.join(" ")} | ${errors.join(" ")}`;
    })
    .join("\n");
}

const CASES: readonly (readonly [string, string])[] = [
  ['test "a", do: assert Shelf.put(1) == :ok', "Depot.Shelf.put/1 |  |  | "],
  ['describe "a" do\ntest "b" do\nShelf.all()\nShelf.all()\nend\nend', "Depot.Shelf.all/0 |  |  | "],
  ['test "a" do\nstart_supervised!({Crane, []})\nend', " |  | Depot.Crane | "],
  ['test "a", %{pid: pid} do\nGenServer.call(pid, {:lift, 2})\nend', "GenServer.call/2 | call tuple |  | "],
  ['test "a" do\nCrane.handle_cast(:reset, 3)\nend', "Depot.Crane.handle_cast/2 | cast atom |  | "],
  ['test "a" do\nassert {:error, :gone} = Shelf.take(1)\nend', "Depot.Shelf.take/1 |  |  | gone"],
  ['test "a" do\nassert {:error, {:gone, _}} = Shelf.take(1)\nend', "Depot.Shelf.take/1 |  |  | gone"],
  ['import Depot.Cranes\nsetup :crane\ntest "a", do: lift(2)', "lift/1 |  |  | "],
  ['test "a", do: assert(Enum.map([1], &(&1 + 1)) == [2])', ""],
  ["setup do\n%{all: Enum.map([1], &Shelf.put/1)}\nend", "Depot.Shelf.put/1 |  |  | "],
  ["defp helper, do: Shelf.all()", "Depot.Shelf.all/0 |  |  | "],
  ['test "a", do: :erpc.call(:n, Shelf, :put, [1])', ":erpc.call/4 Depot.Shelf.put/1 |  | Depot.Shelf | "],
  ["setup do\npatch(Shelf, :put, [1])\nend", " |  | Depot.Shelf | "],
  ["doctest Shelf", "doctest/1 |  | Depot.Shelf | "],
];

describe("what tests do to the code of the project", () => {
  for (const [body, expected] of CASES) it(body.replaceAll("\n", "; "), () => assert.equal(tested(body), expected));
});
