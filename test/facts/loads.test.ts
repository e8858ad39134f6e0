import { describe } from "node:test";
import { factsOfBody } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const BEFORE = "import Ecto.Query\nalias App.{Repo, Post}";

describe("what a function loads and what it reads of it", () => {
  rows(
    [
      ["Repo.get!(Post, x).title", "Post get! title"],
      ["post = Repo.get(Post, x)\npost && post.title", "Post get title"],
      ["%{title: t} = Repo.get!(Post, x)\nt", "Post get! title"],
      ["%Post{} = post = Repo.get!(Post, x)\npost.title", "Post get! title > ?"],
      ["Repo.all(Post)", "Post all > return"],
      ["Post |> Repo.all() |> Enum.map(& &1.title)", "Post all title"],
      ["Post |> Repo.all() |> Enum.filter(& &1.a) |> Enum.map(fn p -> p.b end)", "Post all a,b"],
      ["for %{a: a} <- Repo.all(Post), do: a", "Post all a"],
      ["for p <- Repo.all(Post), do: p", "Post all > for"],
      ["Post |> Repo.all() |> Enum.group_by(& &1.a, & &1.b)", "Post all a,b"],
      ["case Repo.get(Post, x) do\nnil -> 0\npost -> post.a\nend", "Post get a"],
      ["if post = Repo.get(Post, x), do: post.a", "Post get a"],
      ["with %Post{a: a} = post <- Repo.get(Post, x), do: post.b + a", "Post get a,b"],
      ["post = Repo.get!(Post, x)\npost = change(post)\npost.a", "Post get! > change"],
      [
        "post = Repo.get!(Post, x)\nRepo.all(from post in Tag, where: post.a == ^post.b)",
        "Post get! b; Tag all where > return",
      ],
      ["post = Repo.get!(Post, x)\nEnum.map(x, fn post -> post.a end)", "Post get!"],
      ["Post |> Repo.get!(x) |> Repo.preload(:tags) |> then(& &1.tags)", "Post get! tags[tags] > preload"],
      ["render(conn, posts: Repo.all(Post))", "Post all > render"],
      [
        "Repo.all(from p in Post, where: p.a, preload: [:tags]) |> hd() |> show()",
        "Post all where,preload(tags) > show",
      ],
      [
        "q = from(p in Post)\nq = if x, do: where(q, [p], p.a), else: limit(q, 3)\nRepo.one(q)",
        "Post one where,limit > return",
      ],
      ["x |> scope() |> Repo.all()", "x all scope/1 > return"],
      ["Repo.all(from p in subquery(Post))", "subquery() all > return"],
      ["post = Blog.get_post!(x)\npost.author", "get_post! author"],
      ["Blog.touch(x).author", ""],
    ] as const,
    (body) =>
      factsOfBody(body, BEFORE)
        .loads.map(({ name, query, reads, goes }) => {
          const from = query?.from;
          const source = !query
            ? []
            : [from?.kind === "function" ? `${from.name}()` : (from?.name ?? "?").replace("App.", "")];
          const says =
            query?.says.map((part) => (part === "preload" ? `preload(${query.preloads})` : part)).join() ?? "";
          const through = query?.through.map((one) => `${one.name}/${one.arity}`).join() ?? "";
          const read = [
            ...new Set(reads.map((one) => one.field + (one.preloads?.length ? `[${one.preloads}]` : ""))),
          ].join();
          const out = goes.length > 0 ? `> ${goes.join()}` : "";
          return [...source, name, says, through, read, out].filter(Boolean).join(" ");
        })
        .join("; "),
  );
});

describe("what the `where`s of a query say", () => {
  rows(
    [
      ["from p in Post, where: p.a and is_nil(p.b)", "x.a; is_nil(x.b)"],
      ["from p in Post, where: (p.a == true and not p.c) and p.b == false", "x.a; not x.c; not x.b"],
      ["from p in Post, where: ^x == p.a and 3 < p.b", "x.a == ^; (x.b > 3)"],
      ["where(Post, a: ^x, b: :c)", "x.a == ^; x.b == :c"],
      ["Post |> where([p], p.a == 1) |> where([q], q.b in [1, 2])", "x.a == 1 | (x.b in [1, 2])"],
      ["from p in Post, join: c in assoc(p, :c), where: p.a == c.b", ""],
      ["from p in Post, where: p.a == 1 or p.b == 2", "(x.a == 1 or x.b == 2)"],
      ['from p in Post, where: fragment("? > ?", p.a, ^x)', 'fragment("? > ?", x.a, ^)'],
      ["from p in Post, where: ^x", ""],
      ["from p in Post, where: p.a == parent_as(:q).b", ""],
      ["from p in Post, where: field(p, :a) == ^x", "x.a == ^"],
    ] as const,
    (body) =>
      factsOfBody(body, BEFORE)
        .conditions.map(({ wheres }) => wheres.map(({ parts }) => parts.join("; ")).join(" | "))
        .join(" / "),
  );
});
