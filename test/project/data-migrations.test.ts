import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dataMigrations } from "../../server/src/project/database/data-migrations.ts";
import { projectOn } from "../support/facts.ts";

const STEP = 'defmodule Yard.Data.Fill do\n  def run, do: Yard.Repo.query!("UPDATE cranes SET a = 1")\nend\n';
const calling = (module: string, call: string, use = ""): string =>
  `defmodule ${module} do\n  ${use}\n  def up, do: ${call}\nend\n`;
const MIGRATION = calling("Yard.Repo.Migrations.Fill", "Yard.Data.Fill.run()", "use Ecto.Migration");

function finishedIn(files: Readonly<Record<string, string>>): string[] {
  const { project } = projectOn({ "lib/yard/data/fill.ex": STEP, ...files });
  return [...project.read(dataMigrations)].map((path) => path.replace("/app/lib/yard/", ""));
}

describe("data migrations", () => {
  const migration = { "priv/repo/migrations/20240101000000_fill.exs": MIGRATION };

  it("are what migrations call, and nothing else but tests, scripts and releases", () => {
    assert.deepEqual(finishedIn({}), []);
    assert.deepEqual(finishedIn(migration), ["data/fill.ex"]);
    const others = {
      "test/fill_test.exs": calling("Yard.FillTest", "Yard.Data.Fill.run()"),
      "priv/repo/seeds.exs": "Yard.Data.Fill.run()\n",
      "lib/yard/release.ex": calling("Yard.Release", "Yard.Data.Fill.run()"),
    };
    assert.deepEqual(finishedIn({ ...migration, ...others }), ["data/fill.ex"]);
    assert.deepEqual(finishedIn({ ...migration, "lib/yard.ex": calling("Yard", "Yard.Data.Fill.run()") }), []);
    assert.deepEqual(finishedIn({ ...migration, "lib/yard.ex": calling("Yard", "[Yard.Data.Fill]") }), []);
  });

  it("hold their own parts, and nothing that others know", () => {
    const parts = `defmodule Yard.Data.Fill do
  alias __MODULE__.Crane
  def run, do: Yard.Repo.all(Crane)

  defmodule Crane do
    use Ecto.Schema
    schema "cranes", do: field(:a, :integer)
  end
end
`;
    const file = { ...migration, "lib/yard/data/fill.ex": parts };
    assert.deepEqual(finishedIn(file), ["data/fill.ex"]);
    assert.deepEqual(
      finishedIn({ ...file, "lib/yard.ex": calling("Yard", "Yard.Repo.all(Yard.Data.Fill.Crane)") }),
      [],
    );
    const schema = {
      "lib/yard/data/fill.ex": 'defmodule Yard.Data.Fill do\n  use Ecto.Schema\n  schema "fills", do: nil\nend\n',
    };
    assert.deepEqual(finishedIn({ ...migration, ...schema }), []);
  });

  it("may have lost their migration, in a folder of such", () => {
    const lost = { "lib/yard/data/old.ex": STEP.replaceAll("Fill", "Old") };
    assert.deepEqual(finishedIn({ ...migration, ...lost }), ["data/fill.ex"]);
    const another = {
      "lib/yard/data/more.ex": STEP.replaceAll("Fill", "More"),
      "priv/repo/migrations/20240102000000_more.exs": MIGRATION.replaceAll("Fill", "More"),
    };
    assert.deepEqual(finishedIn({ ...migration, ...lost, ...another }), [
      "data/fill.ex",
      "data/more.ex",
      "data/old.ex",
    ]);
  });
});
