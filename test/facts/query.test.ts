import { describe } from "node:test";
import { factsOfBody } from "../support/facts.ts";
import { rows } from "../support/table.ts";

describe("the functions that conditions put around columns", () => {
  rows(
    [
      ['from p in Post, where: fragment("lower(?)", p.a) == ^x', "a lower(?)"],
      ['from p in Post, where: ^x in fragment("lower(?)", p.a)', ""],
      ['Post |> where([p], type(p.a, :date) < ^x and fragment("?::date", p.b) == ^x)', "a ?::date, b ?::date"],
      ['from p in Post, where: fragment("coalesce(?, 1)", p.a) == ^x', ""],
      ['from p in Post, where: fragment("lower(?)", ^x) == p.a', ""],
      ['from p in Post, join: c in Comment, on: fragment("lower(?)", p.a) == c.a', ""],
      ['from p in Post, select: fragment("lower(?)", p.a)', ""],
    ] as const,
    (body) =>
      factsOfBody(body, "import Ecto.Query")
        .queries.flatMap(({ wrapped }) => wrapped.map(({ column, expression }) => `${column} ${expression}`))
        .join(", "),
  );
});

describe("what transactions run", () => {
  rows(
    [
      ["Ecto.Multi.new() |> Ecto.Multi.run(:a, fun) |> Repo.transaction()", "Repo multi"],
      ["multi = Ecto.Multi.new()\nRepo.transaction(multi, timeout: 1)", "Repo multi"],
      ["Repo.transaction(fn -> x end)", "Repo function"],
      ["Repo.transaction(&work/0)", "Repo function"],
      ["Repo.transaction(x)", ""],
      ["x = if x, do: Ecto.Multi.new()\nRepo.transaction(x)", ""],
      ["x.transaction(fn -> x end)", ""],
      ["transaction(fn -> x end)", ""],
    ] as const,
    (body) =>
      factsOfBody(body)
        .transactionRuns.map(({ module, of }) => `${module} ${of}`)
        .join(", "),
  );
});

describe("what a query asks of which columns", () => {
  rows(
    [
      ["from p in Post, where: p.a == ^x and p.b > 1", "Post = a > b"],
      ["from p in Post, where: p.a in ^x, or_where: p.b == 1", "Post = a"],
      ["from p in Post, where: p.a == 1 or p.b == 1", ""],
      ["from p in Post, where: is_nil(p.a) and ^x == p.b", "Post = b"],
      ["from p in Post, order_by: p.a", ""],
      ["from p in Post, order_by: [desc: p.a, asc: p.b], limit: 3", "Post o a,b"],
      ["from Post, order_by: :a, limit: 3", "Post o a"],
      ["from Post, where: [a: ^x, b: 1]", "Post = a,b"],
      ["from p in Post, join: c in Comment, on: c.post_id == p.id, where: c.a == 1", "Post = id; Comment = post_id,a"],
      ["from p in Post, join: c in assoc(p, :comments), where: c.a == 1 and p.b == 2", "Post = b"],
      ['from p in "posts", where: field(p, :a) == ^x', '"posts" = a'],
      ['from p in {"posts", Post}, where: p.a == ^x', '"posts" = a'],
      ["from p in query, where: p.a == ^x", ""],
      ["Post |> where([p], p.a == ^x) |> order_by([p], p.b)", "Post = a"],
      ["Post |> where(a: ^x) |> where([q], q.b <= 1)", "Post = a > b"],
      ["where(Post, [_, c], c.a == ^x)", ""],
      ["query |> where([p], p.a == ^x)", ""],
      ["from(p in Post, where: p.a == 1) |> where([p], p.b == 2)", "Post = a,b"],
      ["Repo.get_by(Post, a: x)", "Post = a"],
      ["Post |> Repo.get_by!(a: x, b: 1)", "Post = a,b"],
      ["Repo.get_by(query, a: x)", ""],
      ["Repo.get(Post, x)", ""],
    ] as const,
    (body) =>
      factsOfBody(body, "import Ecto.Query")
        .queries.map(({ source, equal, range, order }) =>
          [
            "schema" in source ? source.schema : `"${source.table}"`,
            ...(equal.length > 0 ? ["=", equal.join()] : []),
            ...(range.length > 0 ? [">", range.join()] : []),
            ...(order.length > 0 ? ["o", order.join()] : []),
          ].join(" "),
        )
        .join("; "),
  );
});
