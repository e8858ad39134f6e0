import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ListQuestionFact } from "../../server/src/facts/facts.ts";
import { factsOfBody } from "../support/facts.ts";

const asked = (body: string): readonly ListQuestionFact[] => factsOfBody(body).listQuestions;
const fieldsIn = (predicate: string): readonly string[] | null | undefined =>
  asked(`g(x) |> Enum.filter(${predicate})`)[0]?.fields;

describe("what a function asks of a list that a call gives", () => {
  it("names the call, who asks, and the fields", () => {
    const [question] = asked("g(x) |> Enum.find(&(&1.id == x))");
    assert.equal(question?.by, "Enum.find");
    assert.deepEqual(question?.fields, ["id"]);
    assert.equal(factsOfBody("h(x)\nlength(g(x))").listQuestions[0]?.call, 1);
    assert.equal(asked("g(x) == []")[0]?.by, "[]");
    assert.equal(asked("rows = g(x)\nEnum.empty?(rows)")[0]?.fields, null);
  });

  it("is none where the list is used besides, or no query could tell", () => {
    assert.deepEqual(asked("rows = g(x)\n{length(rows), rows}"), []);
    assert.deepEqual(asked("length(x)"), []);
    assert.deepEqual(asked("g(x) |> Enum.filter(&h(&1.a))"), []);
    assert.deepEqual(asked("g(x) |> Enum.filter(&(&1 == x))"), []);
    assert.deepEqual(asked("g(x) |> Enum.filter(&(&1.a.b == x))"), []);
    assert.deepEqual(asked("g(x) |> Enum.sort_by(& &1.a)"), []);
  });

  it("reads fields off the pattern too, unless that chooses", () => {
    assert.deepEqual(fieldsIn("fn %{a: b, c: d} -> b == 1 and d end"), ["a", "c"]);
    assert.deepEqual(fieldsIn("fn row -> row.a > row.b end"), ["a", "b"]);
    assert.equal(fieldsIn("fn %{a: :b, c: d} -> d end"), undefined);
  });

  it("is none where nearly all are kept", () => {
    for (const most of ["&1.a != x", "not is_nil(&1.a)", "&1.a not in x", "&1.shop_id", "x == nil or &1.a == x"])
      assert.equal(fieldsIn(`&(${most})`), undefined, most);
    for (const few of [
      "&1.a == x",
      "is_nil(&1.a)",
      "&1.a in x",
      "&1.open",
      "&1.a != :b",
      "&1.a > x",
      "&1.a != x and &1.b",
    ])
      assert.ok(fieldsIn(`&(${few})`), few);
    assert.deepEqual(asked("g(x) |> Enum.reject(&(&1.a in x))"), []);
    assert.equal(asked("g(x) |> Enum.reject(&(&1.a in [:b, :c]))").length, 1);
  });
});
