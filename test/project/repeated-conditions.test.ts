import assert from "node:assert/strict";
import { test } from "node:test";
import { repeatedConditions } from "../../server/src/project/database/repeated-conditions.ts";
import { projectOn } from "../support/facts.ts";

const schema =
  'defmodule Depot.Lot do\n  use Ecto.Schema\n  schema "lots" do\n    field :sold_at, :utc_datetime\n    field :weight, :integer\n  end\nend\n';
const user = (name: string): string =>
  `defmodule Depot.${name} do\n  import Ecto.Query\n  def all, do: from(l in Depot.Lot, where: is_nil(l.sold_at) and l.weight > 5)\nend\n`;

const files = {
  "lib/lot.ex": schema,
  "lib/a.ex": user("A"),
  "lib/b.ex": user("B"),
  "lib/c.ex": user("C"),
};

test("who else has the schema's name, and where it stands, is heard though no condition changes", () => {
  const project = projectOn(files);
  const homes = (): readonly number[] => project.project.read(repeatedConditions).map(({ home }) => home.form);
  const write = (path: string, text: string): void => {
    project.update(`/app/${path}`, text);
    project.refresh(true);
  };
  const [before] = homes();
  assert.notEqual(before, undefined);
  write("lib/lot.ex", schema.replace("  use Ecto", "  @moduledoc false\n  @unit :kg\n  use Ecto"));
  assert.deepEqual(homes(), [(before ?? 0) + 2]);
  write("lib/other.ex", "defmodule Depot.Lot do\n  def f, do: 1\nend\n");
  assert.deepEqual(homes(), []);
  write("lib/other.ex", "defmodule Depot.Other do\nend\n");
  assert.deepEqual(homes(), [(before ?? 0) + 2]);
});
