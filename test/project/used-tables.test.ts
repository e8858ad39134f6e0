import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { usedTables } from "../../server/src/project/database/used-tables.ts";
import { projectOn } from "../support/facts.ts";

function usedIn(code: string, tables: readonly string[], sql = ""): string[] {
  const creates = tables.map((table) => `create table(:${table}), do: add(:name, :string)`).join("\n");
  const execute = sql ? `execute "${sql}"` : "";
  const { project } = projectOn({
    "lib/yard.ex": code,
    "priv/repo/migrations/20240101000000_create.exs": `defmodule Yard.Repo.Migrations.Create do
  use Ecto.Migration
  def up do
    ${creates}
    ${execute}
  end
end
`,
  });
  const used = project.read(usedTables);
  return tables.filter((table) => used.has(table));
}

const schema = 'use Ecto.Schema\nschema "cranes" do\nmany_to_many :loads, Yard.Load, join_through: "cranes_loads"\nend';

describe("the tables that the code has to do with", () => {
  it("are those of schemas and of associations", () => {
    assert.deepEqual(usedIn(`defmodule Yard.Crane do\n${schema}\nend`, ["cranes", "cranes_loads", "hooks"]), [
      "cranes",
      "cranes_loads",
    ]);
  });

  it("are those of queries, of SQL and of what the database does by itself", () => {
    const code = `defmodule Yard do
  import Ecto.Query
  @hooks "hooks"
  def ropes, do: Yard.Repo.all(from r in "ropes", select: r.id)
  def chains, do: Yard.Repo.query!("SELECT id FROM chains WHERE c = 1")
  def insert(rows), do: Yard.Repo.insert_all("winches", rows)
end`;
    const tables = ["ropes", "chains", "hooks", "winches", "log", "other"];
    const sql = "CREATE FUNCTION note() RETURNS trigger AS 'INSERT INTO log SELECT 1' LANGUAGE sql";
    assert.deepEqual(usedIn(code, tables, sql), ["ropes", "chains", "hooks", "winches", "log"]);
  });

  it("are not known where the code names few", () => {
    assert.deepEqual(usedIn('defmodule Yard do\n@a "a"\nend', ["a", "b", "c"]), ["a", "b", "c"]);
  });
});
