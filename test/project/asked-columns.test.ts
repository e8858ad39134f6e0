import assert from "node:assert/strict";
import { it } from "node:test";
import { askedColumns } from "../../server/src/project/database/asked-columns.ts";
import { projectOn } from "../support/facts.ts";

const CODE = `defmodule Yard.Crane do
  use Ecto.Schema
  schema "cranes" do
    belongs_to :builder, Yard.Person, foreign_key: :built_by_id
    belongs_to :mover, Yard.Person, foreign_key: :moved_by_id
    belongs_to :painter, Yard.Person, foreign_key: :painted_by_id
  end
end

defmodule Yard.Person do
  use Ecto.Schema
  schema "people" do
    has_many :cranes, Yard.Crane, foreign_key: :painted_by_id
    has_one :crane, Yard.Crane
  end
end

defmodule Yard do
  import Ecto.Changeset
  import Ecto.Query
  alias Yard.Crane

  def forget(id), do: Crane |> where(built_by_id: ^id) |> update(set: [built_by_id: nil])
  def ropes(id), do: from(r in "ropes", join: c in Crane, on: c.id == r.crane_id, where: r.cut_by_id == ^id)
  def filter(query, id), do: where(query, [x], x.checked_by_id == ^id)
  def one(id), do: Yard.Repo.get_by(Yard.Person, hired_by_id: id)
end
`;

it("says by which columns rows are looked up", () => {
  const { project } = projectOn({ "lib/yard.ex": CODE });
  const asked = project.read(askedColumns);
  const table = (name: string, columns: readonly string[]): string[] =>
    columns.filter((column) => asked.has(name, column));
  assert.deepEqual(table("cranes", ["built_by_id", "moved_by_id", "painted_by_id", "person_id", "cut_by_id"]), [
    "built_by_id",
    "painted_by_id",
    "person_id",
  ]);
  assert.deepEqual(table("ropes", ["cut_by_id", "crane_id", "built_by_id"]), ["cut_by_id", "crane_id"]);
  assert.deepEqual(table("people", ["hired_by_id", "built_by_id", "painted_by_id"]), ["hired_by_id"]);
  assert.deepEqual(
    table("hooks", ["checked_by_id", "hung_by_id"]),
    ["checked_by_id", "hung_by_id"],
    "of hooks nothing is said",
  );
  assert.ok(asked.has("people", "checked_by_id"), "the table of a query that is handed in is not known");
});
