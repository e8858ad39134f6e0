import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModuleFacts } from "../../server/src/facts/facts.ts";
import { MixProject } from "../../server/src/lint/mix-project.ts";
import { defaultSettings } from "../../server/src/lint/session.ts";
import { adapterFor, adapters } from "../../server/src/project/database/adapters.ts";
import { columnsBefore } from "../../server/src/project/database/columns-before.ts";
import { stepsOfChange, stepsUp } from "../../server/src/project/database/migration-steps.ts";
import { newTables, type TableBirths } from "../../server/src/project/database/new-tables.ts";
import { upcoming } from "../../server/src/project/database/upcoming.ts";
import { parser } from "../support/engine.ts";
import { modulesIn, projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

function migrationIn(functions: string): ModuleFacts {
  const [module] = modulesIn(`defmodule M do\nuse Ecto.Migration\n${functions}\nend\n`, "priv/repo/migrations/1_m.exs");
  assert.ok(module);
  return module;
}

describe("the steps of a migration", () => {
  const table = (name: string): string => `create table(:${name})`;
  rows(
    [
      [`def change do\n${table("a")}\nrest()\n${table("c")}\nend\ndefp rest, do: ${table("b")}`, "a b c | a b c"],
      [
        `def up do\none(1)\nend\ndef down, do: drop(table(:a))\ndefp one(0), do: ${table("z")}\ndefp one(n) do\n${table("a")}\none(n - 1)\nend`,
        "a z | ",
      ],
      [`def change do\nexecute(fn -> ${table("a")} end, fn -> ${table("b")} end)\nend`, "execute a | execute"],
      [
        `def change do\nexecute(&go/0, &back/0)\nend\ndefp go, do: ${table("a")}\ndefp back, do: ${table("b")}`,
        "execute a | execute",
      ],
      [`def change do\ntwice()\ntwice()\nend\ndefp twice, do: ${table("a")}`, "a a | a a"],
      [
        `def change do\ntwice() |> then(&twice/1)\nend\ndefp twice, do: ${table("a")}\ndefp twice(_), do: ${table("b")}`,
        "a b | a b",
      ],
      [`def change, do: loop()\ndefp loop, do: loop()`, " | "],
      [`def add(name), do: make()\ndefp make, do: ${table("a")}`, "a | "],
    ] as const,
    (functions) => {
      const module = migrationIn(functions);
      const shown = (steps: ReturnType<typeof stepsUp>): string =>
        steps.map(({ operation }) => ("table" in operation ? operation.table : operation.kind)).join(" ");
      return `${shown(stepsUp(module))} | ${shown(stepsOfChange(module))}`;
    },
  );

  it("end where functions call each other over and over", () => {
    const names = Array.from({ length: 30 }, (_, i) => `f${i}`);
    const functions = names.map((name, i) => `defp ${name} do\ncreate table(:a)\nf${i + 1}()\nf${i + 1}()\nend`);
    const module = migrationIn(`def change, do: f0()\n${functions.join("\n")}\ndefp f30, do: create(table(:b))`);
    assert.ok(stepsUp(module).length < 10_000);
  });
});

const NO_BIRTHS = {
  of: new Map<string, readonly number[]>(),
  needsEmpty: new Map(),
  bareUntil: new Map(),
  startAfter: null,
};

describe("tables that a migration makes", () => {
  rows(
    [
      ["create table(:a)", "a"],
      ["create_if_not_exists table(:a)\nrename table(:a), to: table(:b)", "a b"],
      ['execute "CREATE UNLOGGED TABLE IF NOT EXISTS public.a (id int); create table b ()"', "a b"],
      ["alter table(:a), do: add(:x, :text)", ""],
      ["create table(name)", "a b c"],
      ['alter table(:a), do: add(:x, :text, null: false)\nexecute "ALTER TABLE a ADD PRIMARY KEY (y, x)"', "a"],
      ['alter table(:a), do: add(:x, :text)\nexecute "ALTER TABLE a ADD PRIMARY KEY (y, x)"', ""],
      ["alter table(:a), do: add(:x, :text, primary_key: true)", "a"],
    ] as const,
    (body) => {
      const isNew = newTables(migrationIn(`def change do\n${body}\nend`), NO_BIRTHS);
      return ["a", "b", "c"].filter(isNew).join(" ");
    },
  );
});

/** The versions, of migrations of those names, that may still have to run. */
function upcomingOf(paths: readonly string[], startAfter: number | null): string {
  const settings = defaultSettings("/app");
  const around = { parser, rules: [], log: () => {}, clock: () => 0, timing: null };
  const project = new MixProject({ ...settings, config: { ...settings.config, startAfter } }, around);
  for (const path of paths)
    project.update(`/app/${path}`, "defmodule M do\nuse Ecto.Migration\ndef change, do: create(table(:a))\nend\n");
  project.refresh(true);
  const { of } = project.project.read(upcoming);
  return project.project
    .modules()
    .filter(of)
    .map(({ path }) => path.replace(/.*\/(\w+)\/migrations\/(\d*)_.*/, "$1:$2"))
    .join(" ");
}

describe("migrations that may still have to run", () => {
  const many = Array.from({ length: 12 }, (_, i) => `priv/repo/migrations/${100 + i}_m.exs`);
  const newest = many.slice(2).map((path) => path.replace(/.*\/(\d+)_.*/, "repo:$1"));
  rows(
    [
      [[many, null], newest.join(" ")],
      [[[...many, "priv/audit_repo/migrations/1_m.exs"], null], ["audit_repo:1", ...newest].join(" ")],
      [[many, 109], "repo:110 repo:111"],
      [[many, 111], ""],
      [
        [["priv/repo/migrations/20200101000000_m.exs", "priv/repo/migrations/20240101000000_m.exs"], null],
        "repo:20240101000000",
      ],
      [[["priv/repo/migrations/helpers.exs", "lib/m.ex", "test/support/repo/migrations/1_m.exs"], null], ""],
    ] as const,
    ([paths, startAfter]) => upcomingOf(paths, startAfter),
  );
});

describe("the adapter of a migration", () => {
  const repo = (name: string, adapter: string): string =>
    `defmodule Shop.${name} do\nuse Ecto.Repo, otp_app: :shop${adapter && `, adapter: Ecto.Adapters.${adapter}`}\nend\n`;
  const deps = (driver: string): string =>
    `defmodule Shop.MixProject do\nuse Mix.Project\ndef project, do: [deps: deps()]\ndefp deps, do: [{:${driver}, "~> 1.0"}]\nend\n`;
  rows(
    [
      [[{}, "repo"], "Postgres"],
      [[{ "mix.exs": deps("myxql") }, "repo"], "MyXQL"],
      [[{ "mix.exs": deps("ecto_sqlite3"), "lib/repo.ex": repo("Repo", "") }, "repo"], "SQLite3"],
      [[{ "mix.exs": deps("ecto_sqlite3"), "lib/repo.ex": repo("Repo", "Postgres") }, "repo"], "Postgres"],
      [[{ "lib/a.ex": repo("Repo", "Postgres"), "lib/b.ex": repo("AuditRepo", "MyXQL") }, "audit_repo"], "MyXQL"],
      [[{ "lib/a.ex": repo("Repo", "Postgres"), "lib/b.ex": repo("AuditRepo", "MyXQL") }, "repo"], "Postgres"],
      [[{ "lib/a.ex": repo("Repo", "Postgres"), "lib/b.ex": repo("AuditRepo", "MyXQL") }, "other"], "-"],
      [[{ "lib/a.ex": repo("Repo", "Postgres"), "test/b.ex": repo("TestRepo", "MyXQL") }, "other"], "Postgres"],
    ] as const,
    ([files, folder]) => {
      const known = projectOn(files).project.read(adapters);
      return (adapterFor(known, { path: `/app/priv/${folder}/migrations/1_m.exs` }) ?? "-").replace(
        "Ecto.Adapters.",
        "",
      );
    },
  );
});

describe("what a column was before", () => {
  const first = "create table(:a) do\nadd :x, :string, null: false\nadd :y, :text\nend";
  rows(
    [
      [[first, "alter table(:a), do: modify(:x, :text)"], "x string false"],
      [
        [first, "alter table(:a), do: modify(:x, :text)", "alter table(:a), do: remove(:x)"],
        "x string false, x text false",
      ],
      [
        [first, "rename table(:a), :x, to: :z", "rename table(:a), to: table(:b)", "alter table(:b), do: remove(:z)"],
        "x string false",
      ],
      [
        [first, 'create constraint(:a, :c, check: "y IS NOT NULL")', "alter table(:a), do: modify(:y, :text)"],
        "y text false",
      ],
      [
        [first, 'execute "ALTER TABLE a ALTER COLUMN y SET NOT NULL"', "alter table(:a), do: modify(:y, :text)"],
        "y text false",
      ],
      [[first, "drop table(:a)", "alter table(:a), do: modify(:y, :text)"], ""],
      [["alter table(:a), do: modify(:y, :text)"], ""],
    ] as const,
    (bodies) => {
      const files = bodies.map((body, i) => [
        `priv/repo/migrations/${i + 1}_m.exs`,
        `defmodule M${i} do\nuse Ecto.Migration\ndef change do\n${body}\nend\nend\n`,
      ]);
      const before = projectOn(Object.fromEntries(files)).project.read(columnsBefore);
      return [...before.values()].map(({ name, type, nullable }) => `${name} ${type} ${nullable}`).join(", ");
    },
  );
});

describe("tables that a migration of the same deployment made", () => {
  const births = (startAfter: number | null): TableBirths => ({
    of: new Map([
      ["a", [20240101000000, 20240301000000]],
      ["b", [7]],
    ]),
    needsEmpty: new Map(),
    bareUntil: new Map(),
    startAfter,
  });
  rows(
    [
      [[20240108000000, null], "a"],
      [[20240109000000, null], ""],
      [[20231231000000, null], ""],
      [[20240301000001, null], "a"],
      [[20240401000000, 20240102000000], "a"],
      [[20240201000000, 20240102000000], ""],
      [[8, null], ""],
      [[8, 6], "b"],
      [[8, 7], ""],
    ] as const,
    ([version, startAfter]) => {
      const isNew = newTables(
        { ...migrationIn(""), path: `priv/repo/migrations/${version}_x.exs` },
        births(startAfter),
      );
      return ["a", "b"].filter(isNew).join(" ");
    },
  );
});
