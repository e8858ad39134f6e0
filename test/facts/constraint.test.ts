import { describe } from "node:test";
import { factsOfBody } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const IMPORT = "import Ecto.Changeset\n@pair [:a, :b]";

describe("what a changeset says of uniqueness", () => {
  rows(
    [
      ["unique_constraint(x, :a)", "unique_constraint a"],
      ["x |> cast(y, [:a]) |> unique_constraint([:a, :b])", "unique_constraint a,b"],
      ["x |> unique_constraint(@pair, name: :n)", "unique_constraint a,b name n"],
      ['x |> unique_constraint(:a, name: "n", message: "m")', "unique_constraint a name n"],
      ["Ecto.Changeset.unique_constraint(x, :a)", "unique_constraint a"],
      ["%User{} |> cast(y, [:a]) |> unique_constraint(:a)", "User: unique_constraint a"],
      ["u = %User{}\nc = cast(u, y, [:a])\nunique_constraint(c, :a)", "User: unique_constraint a"],
      ["c = cast(%User{}, y, [])\nc = f(c)\nunique_constraint(c, :a)", "unique_constraint a"],
      ["unsafe_validate_unique(x, [:a], Repo)", "unsafe_validate_unique a"],
      ["unsafe_validate_unique(x, :a, Repo, message: 1)", "unsafe_validate_unique a"],
      ["unique_constraint(x, fields)", "unique_constraint ?"],
      ["unique_constraint(x, :a, options)", "unique_constraint ?"],
      ["unique_constraint(x, :a, name: name(x))", "unique_constraint ?"],
      ["unique_constraint(x, :a, name: :n, match: :suffix)", "unique_constraint ? name n"],
      ["Other.unique_constraint(x, :a)", ""],
    ] as const,
    (body) =>
      factsOfBody(body, IMPORT)
        .constraints.map(
          (c) =>
            `${c.schema ? `${c.schema}: ` : ""}${c.kind} ${c.fields?.join() ?? "?"}${c.name === null ? "" : ` name ${c.name}`}`,
        )
        .join("; "),
  );
});
