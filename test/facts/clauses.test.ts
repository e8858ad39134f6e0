import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clauseOf, modulesIn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

describe("arity and defaults", () => {
  rows(
    [
      ["def f, do: 1", "f/0-0"],
      ["def f(a, b), do: 1", "f/2-0"],
      ["def f(a, b \\\\ 1, c \\\\ nil), do: 1", "f/3-2"],
      ["def f(a \\\\ [], b)", "f/2-1"],
      ["defmacro m(a) when a > 1, do: 1", "m/1-0 guarded"],
      ["def a + b, do: 1", "+/2-0"],
      ["defdelegate f(a), to: B", "f/1-0"],
    ] as const,
    (text) => {
      const { name, arity, defaults, guarded } = clauseOf(text);
      return `${name}/${arity}-${defaults}${guarded ? " guarded" : ""}`;
    },
  );
});

describe("the shapes of parameters", () => {
  rows(
    [
      ["def f(:a), do: 1", { kind: "atom", value: "a" }],
      [
        "def f({:a, b}), do: 1",
        {
          kind: "tuple",
          items: [
            { kind: "atom", value: "a" },
            { kind: "variable", name: "b" },
          ],
        },
      ],
      ["def f(%S{a: 1} = s), do: 1", { kind: "map", struct: "S", keys: ["a"] }],
      ["def f(s = %S{}), do: 1", { kind: "map", struct: "S", keys: [] }],
      ["def f(a \\\\ 1), do: 1", { kind: "variable", name: "a" }],
      ["def f([a: b]), do: 1", { kind: "keyword", entries: [["a", { kind: "variable", name: "b" }]] }],
      ["def f([h | t]), do: 1", { kind: "list", items: [{ kind: "any" }] }],
      ["def f(@a), do: 1", { kind: "atom", value: "x" }],
      ["def f(__MODULE__), do: 1", { kind: "module", value: "A" }],
      ["def f(^a), do: 1", { kind: "any" }],
    ] as const,
    (text) => clauseOf(text, "@a :x").params[0],
  );
});

it("facts hold no positions: moving a function changes none", () => {
  const text = "defmodule A do\n  def f(x), do: Enum.map(x, &R.get/1)\nend\n";
  const moved = `# a comment\n\n${text.replace("  def", "\n\n    # more\n        def")}`;
  assert.deepEqual(modulesIn(moved), modulesIn(text));
});

it("schemas keep their source, fields and associations", () => {
  const [module] = modulesIn(`defmodule A do
  use Ecto.Schema
  schema "things" do
    field :name
    field :kind, Ecto.Enum, values: [:a]
    belongs_to :owner, B
    belongs_to :boss, B, foreign_key: :chief_id
    has_many :parts, B.Part, foreign_key: :thing_id
    has_many :through, through: [:parts, :x]
    timestamps()
  end
end`);
  assert.equal(module?.schema?.source, "things");
  assert.deepEqual(
    module.schema.fields.map((field) => `${field.name} ${field.type}`),
    ["name string", "kind Ecto.Enum"],
  );
  assert.deepEqual(
    module.schema.associations.map((a) => `${a.kind} ${a.name} ${a.related} ${a.foreignKey}`),
    [
      "belongs_to owner B owner_id",
      "belongs_to boss B chief_id",
      "has_many parts B.Part thing_id",
      "has_many through null null",
    ],
  );
});
