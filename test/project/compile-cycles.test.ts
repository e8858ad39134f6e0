import assert from "node:assert/strict";
import { it } from "node:test";
import { compileDeadlocks, compileKnots } from "../../server/src/project/contexts/compile-cycles.ts";
import { projectOn } from "../support/facts.ts";

const YARD = "defmodule Yard do\n  import Crane, only: [lift: 1]\n  def load(x), do: lift(x)\nend\n";
const CRANE = "defmodule Crane do\n  def lift(x), do: x\nend\n";
const CIRCLE =
  "defmodule Crane do\n  import Yard, only: [load: 1]\n  def lift(x), do: x\n  def up(x), do: load(load(x))\nend\n";
const SELDOM = CIRCLE.replace("load(load(x))", "x");

it("follows modules that come to wait for each other, and that cease to", () => {
  const app = projectOn({ "lib/yard.ex": YARD, "lib/crane.ex": CRANE });
  const told = (): string[] => app.project.read(compileDeadlocks).map(({ from, to }) => `${from} ${to}`);
  const change = (path: string, text: string): void => {
    app.update(`/app/${path}`, text);
    app.refresh(true);
  };
  assert.deepEqual(told(), []);
  change("lib/crane.ex", CIRCLE);
  assert.deepEqual(told(), ["Yard Crane"], "it is made use of once there, and twice the other way");
  const before = app.project.read(compileDeadlocks);
  change("lib/yard.ex", `# Cranes\n${YARD}`);
  assert.equal(app.project.read(compileDeadlocks), before, "the same answer is the same object");
  change("lib/crane.ex", SELDOM);
  assert.deepEqual(told(), ["Crane Yard"]);
  change("lib/yard.ex", YARD.replace("import", "alias"));
  assert.deepEqual(told(), []);
});

it("follows what leads back to who needs the macros of a file", () => {
  const macros = (body: string): string =>
    `defmodule Signs do\n  defmacro all, do: [1]\nend\n\ndefmodule Lamp do\n  def on(x), do: ${body}\nend\n`;
  const user = "defmodule Post do\n  require Signs\n  def show(x), do: x in Signs.all()\nend\n";
  const app = projectOn({ "lib/signs.ex": macros("x"), "lib/post.ex": user });
  const told = (): (readonly string[])[] => app.project.read(compileKnots).map(({ way }) => way);
  assert.deepEqual(told(), []);
  app.update("/app/lib/signs.ex", macros("Mast.top(x)"));
  app.update("/app/lib/mast.ex", "defmodule Mast do\n  def top(x), do: Post.show(x)\nend\n");
  app.refresh(true);
  assert.deepEqual(told(), [["Lamp", "Mast", "Post"]]);
  app.update("/app/lib/mast.ex", "defmodule Mast do\n  def top(x), do: x\nend\n");
  app.refresh(true);
  assert.deepEqual(told(), []);
});
