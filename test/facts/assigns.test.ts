import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AssignFacts } from "../../server/src/facts/facts.ts";
import { modulesIn } from "../support/facts.ts";

function assignsOf(functions: string): AssignFacts {
  const [module] = modulesIn(`defmodule A do\nuse Phoenix.LiveView\nalias Shop.Card\n${functions}\nend\n`);
  const facts = module?.clauses[0]?.assigns;
  assert.ok(facts, functions);
  return facts;
}

/** `key by kind`, with the keys that it is computed from. */
function sets(body: string): string[] {
  return assignsOf(`def f(socket, x) do\n${body}\nend`).sets.map(
    ({ key, by, value }) => `${key} ${by} ${value.kind}${value.from ? ` from ${value.from}` : ""}`,
  );
}

function reads(source: string): string[] {
  return assignsOf(source).reads.map(({ key, how, optional, conditional, part }) =>
    [key, how, optional && "optional", conditional && "conditional", part].filter(Boolean).join(" "),
  );
}

describe("what a clause sets", () => {
  for (const [body, expected] of [
    ["assign(socket, :a, x)", ["a assign other"]],
    [
      "socket |> assign(a: nil, b: [], c: 1) |> assign(%{d: %{}})",
      ["a assign empty", "b assign empty", "c assign literal", "d assign empty"],
    ],
    ["assign(socket, a: x, n: length(x))", ["a assign other", "n assign count from a"]],
    ["assign(socket, :n, socket.assigns.a + 1)", ["n assign other from a"]],
    ["assign(socket, :n, socket.assigns.n + 1)", ["n assign other"]],
    ["assign(socket, :f, to_form(x))", ["f assign form"]],
    ["assign_new(socket, :a, fn -> [] end)", ["a assign_new empty"]],
    ["update(socket, :a, &[x | &1])", ["a update added"]],
    ["update(socket, :a, fn a -> a ++ [x] end)", ["a update added"]],
    ["assign(socket, :a, [x | socket.assigns.a])", ["a assign added"]],
    ["assign(socket, :a, Enum.take([x | socket.assigns.a], 5))", ["a assign other"]],
    ["%{a: a} = socket.assigns\nassign(socket, :a, [x | a])", ["a assign added"]],
    ["%{a: a} = x\nassign(socket, :a, [x | a])", ["a assign other"]],
    ["%{b: a} = socket.assigns\nassign(socket, :a, [x | a])", ["a assign other"]],
    ["%{a: a} = socket.assigns\na = tl(a)\nassign(socket, :a, [x | a])", ["a assign other"]],
    ["assign(socket, :a, List.keystore(socket.assigns.a, 1, 0, x))", ["a assign changed"]],
    ["assign(socket, :a, if(x, do: [x | socket.assigns.a], else: socket.assigns.a))", ["a assign added"]],
    [
      "assign(socket, :a, if(x, do: [x | socket.assigns.a], else: List.replace_at(socket.assigns.a, 0, x)))",
      ["a assign changed"],
    ],
    ["assign(socket, :a, if(x, do: [x | socket.assigns.a], else: []))", ["a assign other"]],
    [
      "assign(socket, :a, Enum.reduce(x, socket.assigns.a, fn one, all -> List.keyreplace(all, one, 0, one) end))",
      ["a assign changed"],
    ],
    ["assign(socket, :a, Enum.reduce(x, socket.assigns.a, fn one, all -> [one | all] end))", ["a assign added"]],
    [
      "assign(socket, :a, Enum.reduce(x, socket.assigns.a, fn one, all -> List.delete(all, one) end))",
      ["a assign other"],
    ],
    ["update(socket, :a, &List.update_at(&1, x, fn n -> n + 1 end))", ["a update changed"]],
    ["assign_async(socket, [:a, :b], fn -> x end)", ["a async other", "b async other"]],
    ["stream(socket, :a, x)", ["a stream other"]],
    ["allow_upload(socket, :photo, accept: :any)", ["photo upload other"]],
    ["{:ok, socket, temporary_assigns: [a: []]}", ["a temporary empty"]],
  ] as const)
    it(body, () => assert.deepEqual(sets(body), expected));

  it("knows the calls whose rows it is set to", () => {
    const [module] = modulesIn(
      "defmodule A do\nuse Phoenix.LiveView\ndef f(socket) do\nrows = Shop.rows() |> Enum.map(& &1.id)\nassign(socket, :rows, rows)\nend\nend\n",
    );
    const [clause] = module?.clauses ?? [];
    const [index] = clause?.assigns?.sets[0]?.value.rows ?? [];
    assert.equal(clause?.calls[index ?? -1]?.name, "rows");
  });

  it("knows keys that are not written out", () => {
    assert.equal(assignsOf("def f(socket, k), do: assign(socket, k, 1)").open, true);
    assert.equal(assignsOf("def update(assigns, socket), do: {:ok, assign(socket, assigns)}").open, true);
    assert.equal(assignsOf("def f(socket), do: assign(socket, :k, 1)").open, false);
  });
});

describe("what a clause reads", () => {
  for (const [source, expected] of [
    ["def f(socket), do: socket.assigns.a", ["a value"]],
    ["def f(socket), do: socket.assigns[:a]", ["a value optional"]],
    ["def f(%{assigns: %{a: a}} = socket), do: {a, socket}", ["a value"]],
    ["def f(%{assigns: all}), do: all.a", ["a value"]],
    ["def f(socket) do\n%{a: a, b: b} = socket.assigns\n{a, b}\nend", ["a value", "b value"]],
    ["def f(socket), do: Map.take(socket.assigns, [:a, :b])", ["a value optional", "b value optional"]],
    ["def f(socket), do: assign_new(socket, :x, fn %{a: a} -> a end)", ["a value conditional"]],
    ["def card(%{a: a} = assigns), do: {a, assigns.b}", ["a value", "b value"]],
    [
      "def render(assigns), do: ~H|<p :for={x <- @xs} :if={@a} class={@b}>{@c}</p>|",
      ["xs loop", "a condition", "b value conditional", "c value conditional"],
    ],
    ["def render(assigns), do: ~H|<p>{@a}</p><.card title={@b} to={f(@c)} />|", ["a value", "b passed", "c value"]],
    ["def render(assigns), do: ~H|<%= if @a do %>{@b}<% end %>|", ["a condition", "b value conditional"]],
    ["def render(assigns), do: ~H|<p :for={{i, x} <- @streams.xs} id={i}>{x}</p>|", ["streams loop xs"]],
  ] as const)
    it(source, () => assert.deepEqual(reads(source), expected));

  for (const source of [
    "def f(socket, k), do: socket.assigns[k]",
    "def f(socket), do: IO.inspect(Map.keys(socket.assigns))",
    "def render(assigns), do: ~H|<.card {assigns} />|",
    "def render(assigns), do: ~H|<p>{@a</p>|",
  ])
    it(`all escape: ${source}`, () => assert.equal(assignsOf(source).escapes, true));
});

describe("what a clause hands on", () => {
  it("functions that get the socket or all assigns", () => {
    const { handed, escapes } = assignsOf(
      "def f(socket) do\nsocket |> Shop.load(1) |> local()\nShop.read(socket.assigns)\nconnected?(socket)\nend",
    );
    assert.deepEqual(handed.map(({ to, all }) => `${to} ${all}`).sort(), [
      "Shop.load/2 false",
      "Shop.read/1 true",
      "local/1 false",
    ]);
    assert.equal(escapes, false);
  });

  it("components, with what they are given", () => {
    const { components } = assignsOf(
      'def render(assigns), do: ~H|<Card.item title={@t} n="1" {assigns} /><.live_component module={Card} id={@id} />|',
    );
    assert.deepEqual(
      components.map(({ at, ...use }) => use),
      [
        {
          module: "Shop.Card",
          name: "item",
          live: null,
          passes: [["title", "t"]],
          attributes: ["title", "n"],
          open: true,
        },
        {
          module: null,
          name: "live_component",
          live: "Shop.Card",
          passes: [["id", "id"]],
          attributes: ["module", "id"],
          open: false,
        },
      ],
    );
  });
});

it("what has to do with no assigns has no facts of them", () => {
  assert.equal(modulesIn("defmodule A do\ndef f(x), do: x\nend\n")[0]?.clauses[0]?.assigns, null);
});
