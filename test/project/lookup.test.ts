import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModuleFacts } from "../../server/src/facts/facts.ts";
import { ChangeLog } from "../../server/src/project/change-log.ts";
import { byModule } from "../../server/src/project/conclusions.ts";
import { supervisors } from "../../server/src/project/processes/supervision.ts";
import { projectOn } from "../support/facts.ts";

/** The functions of `B` and who calls `A.f`, as `A` sees them; counts how often that was concluded. */
function watched() {
  const project = projectOn({
    "lib/a.ex": "defmodule A do\n  def f, do: 1\nend\n",
    "lib/b.ex": "defmodule B do\n  def b, do: 2\nend\n",
    "lib/c.ex": "defmodule C do\n  def c, do: 3\nend\n",
    "lib/t.ex":
      "defmodule T do\n  use Supervisor\n  def init(_), do: Supervisor.init([B], strategy: :one_for_one)\nend\n",
  });
  let concluded = 0;
  const view = byModule<readonly string[]>({
    name: "watched",
    slices: ["functions", "uses", "quoted"],
    isAbout: ({ name }) => name === "A",
    nothing: [],
    conclude(facts, module) {
      concluded++;
      const named = facts.named("B").flatMap(({ clauses }) => clauses.map((clause) => clause.name));
      const callers = module.clauses.flatMap((clause) => facts.callers(clause).map((link) => link.module.name)).sort();
      return [...named, ...callers, ...facts.read(supervisors).map((one) => `${one.module}: ${one.children.length}`)];
    },
    same: (a, b) => a.join() === b.join(),
  });
  const answer = (name = "A"): readonly string[] =>
    project.project.read(view).of(project.project.named(name)[0] as ModuleFacts);
  const write = (path: string, text: string): void => {
    project.update(`/app/lib/${path}`, text);
    project.refresh(true);
  };
  return { answer, write, count: () => concluded };
}

test("a conclusion holds while what it was drawn from does", () => {
  const { answer, write, count } = watched();
  const first = answer();
  assert.deepEqual(first, ["b", "T: 1"]);
  assert.deepEqual(answer("C"), []);
  write("c.ex", "defmodule C do\n  def c, do: 4\n  def d, do: B.b()\nend\n");
  assert.equal(answer(), first);
  assert.equal(count(), 1);
  write("b.ex", "defmodule B do\n  def b, do: 2\n  def more, do: 3\nend\n");
  assert.deepEqual(answer(), ["b", "more", "T: 1"]);
  write("c.ex", "defmodule C do\n  def c, do: A.f()\nend\n");
  assert.deepEqual(answer(), ["b", "more", "C", "T: 1"]);
  write(
    "t.ex",
    "defmodule T do\n  use Supervisor\n  def init(_), do: Supervisor.init([], strategy: :one_for_one)\nend\n",
  );
  assert.deepEqual(answer(), ["b", "more", "C", "T: 0"]);
  assert.equal(count(), 4);
});

test("what is concluded anew and says the same is the same object", () => {
  const { answer, write, count } = watched();
  const first = answer();
  write("b.ex", "defmodule B do\n  def b, do: C.c()\nend\n");
  assert.equal(answer(), first);
  assert.equal(count(), 2);
});

test("nothing is missed when more has changed than is remembered", () => {
  const { answer, write } = watched();
  answer();
  write("b.ex", "defmodule B do\n  def other, do: 2\nend\n");
  for (let i = 0; i < 150; i++) write("c.ex", `defmodule C do\n  def c${i}, do: ${i}\nend\n`);
  assert.deepEqual(answer(), ["other", "T: 1"]);
  write("c.ex", "defmodule C do\n  def c, do: A.f()\nend\n");
  for (let i = 0; i < 150; i++) write("b.ex", `defmodule B do\n  def b${i}, do: A.f()\nend\n`);
  assert.deepEqual(answer(), ["b149", "B", "C", "T: 1"]);
});

test("a log of changes says what came after a revision, and where it does not know", () => {
  const log = new ChangeLog<string>();
  log.note(1, ["a"]);
  log.note(2, ["b", "c"]);
  log.note(2, ["d"]);
  assert.deepEqual([...(log.since(1) ?? [])].sort(), ["b", "c", "d"]);
  assert.deepEqual([...(log.since(2) ?? [])], []);
  log.note(3, ["a"]);
  assert.deepEqual([...(log.since(2) ?? [])], ["a"]);
  for (let revision = 4; revision < 300; revision++) log.note(revision, [`${revision}`]);
  assert.equal(log.since(2), null);
  assert.deepEqual([...(log.since(297) ?? [])].sort(), ["298", "299"]);
});
