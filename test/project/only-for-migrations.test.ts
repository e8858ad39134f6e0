import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { onlyForMigrations } from "../../server/src/project/database/only-for-migrations.ts";
import { projectOn } from "../support/facts.ts";

const FILL = 'defmodule App.Fill do\n  def run, do: App.Repo.update_all("a", [])\nend\n';
const MIGRATION = "defmodule App.Repo.Migrations.Fill do\n  use Ecto.Migration\n  def up, do: App.Fill.run()\nend\n";

function isForMigrations(files: Readonly<Record<string, string>>): boolean {
  const { project } = projectOn({ "lib/app/fill.ex": FILL, ...files });
  const [module] = project.named("App.Fill");
  assert.ok(module);
  return project.read(onlyForMigrations).of(module);
}

describe("modules that are there for migrations only", () => {
  it("are called by one, and by nobody else", () => {
    assert.equal(isForMigrations({}), false);
    assert.equal(isForMigrations({ "priv/repo/migrations/1_fill.exs": MIGRATION }), true);
  });

  it("by a release too", () => {
    const release = "defmodule App.Release do\n  def fill, do: App.Fill.run()\nend\n";
    assert.equal(isForMigrations({ "lib/a.ex": release, "priv/repo/migrations/1_fill.exs": MIGRATION }), true);
  });

  it("but not by other code, nor as a value in it", () => {
    for (const body of ["App.Fill.run()", "Enum.each([App.Fill], & &1.run())"]) {
      const code = `defmodule App.Rooms do\n  def all, do: ${body}\nend\n`;
      assert.equal(isForMigrations({ "lib/a.ex": code, "priv/repo/migrations/1_fill.exs": MIGRATION }), false, body);
    }
  });
});
