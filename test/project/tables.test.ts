import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Table, tables } from "../../server/src/project/database/tables.ts";
import { projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

/** A migration's file. */
function migration(body: string, name = "change"): string {
  return `defmodule M do\nuse Ecto.Migration\ndef ${name} do\n${body}\nend\nend\n`;
}

function tablesOf(...migrations: readonly string[]): ReadonlyMap<string, Table> {
  const files = migrations.map((text, i) => [`priv/repo/migrations/2025010100000${i}_m.exs`, text] as const);
  return projectOn(Object.fromEntries(files)).project.read(tables);
}

/** The columns of a table, foreign keys with what they refer to. */
function columns(...migrations: readonly string[]): string {
  return [...tablesOf(...migrations)]
    .map(([name, { columns: all }]) => {
      const list = [...all.values()].map((c) => `${c.name}${c.references ? ` → ${c.references}` : ` ${c.type}`}`);
      return `${name}: ${list.join(", ")}`;
    })
    .join("; ");
}

/** The indexes of the table `a`: `!` for unique, `?` for partial. */
function indexes(...migrations: readonly string[]): string {
  const all = tablesOf(...migrations).get("a")?.indexes ?? [];
  return all
    .map((i) => `${i.columns.map((c) => c ?? "*").join("+")}${i.unique ? "!" : ""}${i.partial ? "?" : ""}`)
    .join(" ");
}

describe("columns", () => {
  const a = "create table(:a) do\nadd :x, :string\nadd :b_id, references(:b)\nend";
  rows(
    [
      [[a], "a: x string, b_id → b"],
      [['create table("a") do\nadd :b_id, references("b", on_delete: :delete_all), null: false\nend'], "a: b_id → b"],
      [["create_if_not_exists table(:a) do\nadd_if_not_exists :x, :string\nend"], "a: x string"],
      [["create table(:a), do: add(:x, :string)"], "a: x string"],
      [[a, "alter table(:a) do\nremove :x\nend"], "a: b_id → b"],
      [[a, "alter table(:a) do\nremove :x, :string\nadd :y, :map\nend"], "a: b_id → b, y map"],
      [[a, "alter table(:a) do\nremove_if_exists :b_id, references(:b)\nend"], "a: x string"],
      [[a, "alter table(:a) do\nmodify :x, references(:c)\nend"], "a: x → c, b_id → b"],
      [[a, "alter table(:a) do\nmodify :b_id, :bigint\nend"], "a: x string, b_id → b"],
      [[a, "drop table(:a)"], ""],
      [[a, "drop_if_exists table(:a)"], ""],
      [[a, "rename table(:a), to: table(:c)"], "c: x string, b_id → b"],
      [[a, "rename table(:a), :b_id, to: :c_id"], "a: x string, c_id → b"],
      [[a, "table(:a) |> rename(:x, to: :y)"], "a: b_id → b, y string"],
      [["create table(:a, prefix: :p) do\nadd :x, :string\nend"], "p.a: x string"],
      [[a, "rename table(:a, prefix: :p), to: table(:c)"], "a: x string, b_id → b"],
      [["@t :a\ncreate table(:a)"], "a: "],
      [["create table(name) do\nadd :x, :string\nend"], ""],
      [["if true do\ncreate table(:a) do\nadd :x, :string\nend\nend"], "a: x string"],
    ] as const,
    (bodies) => columns(...bodies.map((body) => migration(body))),
  );
});

/** A module with the functions. */
function functions(text: string): string {
  return `defmodule M do\nuse Ecto.Migration\n${text}\nend\n`;
}

describe("functions of a migration run where they are called", () => {
  const a = "create table(:a)";
  const rename = "defp rename_tables do\nrename table(:a), to: table(:b)\nend";
  const add = "alter table(:b) do\nadd :x, :string\nend";
  rows(
    [
      [`def change do\n${a}\nrename_tables()\n${add}\nend\n${rename}`, "b: x string"],
      [`${rename}\ndef change do\n${a}\nrename_tables\n${add}\nend`, "b: x string"],
      [
        `def change do\n${a}\n__MODULE__.rename_tables()\n${add}\nend\ndef rename_tables, do: rename(table(:a), to: table(:b))`,
        "b: x string",
      ],
      [
        `def up, do: run()\ndefp run do\n${a}\nrename_tables()\n${add}\nend\n${rename}\ndef down, do: drop(table(:b))`,
        "b: x string",
      ],
      // Called twice: there and back again.
      [
        `def change do\n${a}\nswap(:there)\nswap(:back)\n${add.replace(":b", ":a")}\nend\ndefp swap(:there), do: rename(table(:a), to: table(:c))\ndefp swap(:back), do: rename(table(:c), to: table(:a))`,
        "a: x string",
      ],
      [`def change do\nmake()\nclear()\nmake()\nend\ndefp make do\n${a}\nend\ndefp clear, do: drop(table(:a))`, "a: "],
      // Recursion ends.
      [
        `def change do\n${a}\nloop(3)\n${add}\nend\ndefp loop(n) do\nrename table(:a), to: table(:b)\nloop(n - 1)\nend`,
        "b: x string",
      ],
      [`def change, do: one()\ndefp one do\n${a}\ntwo()\nend\ndefp two, do: one()`, "a: "],
      [
        `def change do\nfor t <- [:x, :y], do: each(t)\n${a}\nEnum.each([:x], &each/1)\nend\ndefp each(_), do: drop_if_exists(table(:a))`,
        "",
      ],
      // What only `down` calls is undone with it; what nobody calls may be run by name.
      [`def up do\n${a}\nend\ndef down, do: undo()\ndefp undo, do: drop(table(:a))`, "a: "],
      [`def up do\n${a}\nend\ndef down, do: up()`, "a: "],
      [`def change do\n${a}\nend\ndef later, do: drop(table(:a))`, ""],
      [
        `def up do\nexecute(&make/0, &unmake/0)\nend\ndefp make, do: create(table(:a))\ndefp unmake, do: drop(table(:a))`,
        "a: ",
      ],
      [
        `def change do\nmake(:a)\nend\ndefp make(name, options \\\\ [])\ndefp make(:b, _), do: create(table(:b))\ndefp make(:a, _), do: create(table(:a))`,
        "a: ; b: ",
      ],
    ] as const,
    (text) => columns(functions(text)),
  );
});

describe("primary keys", () => {
  rows(
    [
      ["create table(:a)", "id"],
      ["create table(:a, primary_key: false) do\nadd :x, :uuid, primary_key: true\nend", "x"],
      [
        "create table(:a, primary_key: false) do\nadd :x, :uuid, primary_key: true\nadd :y, :uuid, primary_key: true\nend",
        "x y",
      ],
      ["create table(:a, primary_key: false)", ""],
      ["create table(:a, primary_key: false) do\nadd :x, references(:b), primary_key: true\nend", "x"],
    ] as const,
    (body) => tablesOf(migration(body)).get("a")?.primaryKey.join(" ") ?? "-",
  );
});

describe("indexes", () => {
  const made = "create index(:a, [:b_id])";
  rows(
    [
      [[made], "b_id"],
      [["create index(:a, :b_id)"], "b_id"],
      [['create index("a", ["b_id"])'], "b_id"],
      [['create index(:a, ["b_id DESC"])'], "b_id"],
      [["create index(:a, [desc: :b_id])"], "b_id"],
      [['create index(:a, ["lower(x)"])'], "*"],
      [["create index(:a, [:b_id, :x])"], "b_id+x"],
      [["create unique_index(:a, [:b_id, :x])"], "b_id+x!"],
      [["create index(:a, [:b_id], unique: true)"], "b_id!"],
      [['create unique_index(:a, [:b_id], where: "x is null")'], "b_id!?"],
      [["create_if_not_exists index(:a, [:b_id], concurrently: true)"], "b_id"],
      [["create(index(:a, [:b_id]))"], "b_id"],
      [[":a |> index([:b_id]) |> create()"], "b_id"],
      [[made, "drop index(:a, [:b_id])"], ""],
      [[made, "drop_if_exists index(:a, [:b_id])"], ""],
      [["create index(:a, [:b_id], name: :n)", "drop index(:a, [:b_id], name: :n)"], ""],
      [["create index(:a, [:b_id], name: :n)", "drop index(:a, [], name: :n)"], ""],
      [[made, "drop index(:a, [], name: :a_b_id_index)"], ""],
      [[made, "drop index(:a, [:x])"], "b_id"],
      [[made, "alter table(:a) do\nremove :b_id\nend"], ""],
      [[made, "rename table(:a), :b_id, to: :c_id"], "c_id"],
      [["create index(:c, [:b_id])", "rename table(:c), to: table(:a)"], "b_id"],
      [["create index(:a, [:b_id], prefix: :p)"], ""],
    ] as const,
    (bodies) => indexes(...bodies.map((body) => migration(body))),
  );
});

describe("indexes in SQL", () => {
  rows(
    [
      [['execute("CREATE INDEX ON a (b_id)")'], "b_id"],
      [['execute("CREATE INDEX a_b ON a (b_id, x)", "DROP INDEX a_b")'], "b_id+x"],
      [
        ['execute "create unique index concurrently if not exists a_b on public.a using btree (b_id) where x > 1"'],
        "b_id!?",
      ],
      [['execute("""\nCREATE INDEX a_b\n  ON a (b_id DESC NULLS LAST);\n""")'], "b_id"],
      [['execute("CREATE INDEX a_b ON a (lower(x))")'], "*"],
      [['execute("CREATE INDEX a_b ON a (b_id)")', "drop index(:a, [:b_id], name: :a_b)"], ""],
      [['execute("CREATE INDEX a_b ON a (b_id)")', "drop index(:a, [:b_id])"], ""],
      [['execute("CREATE INDEX a_b ON a (b_id)")', 'execute("DROP INDEX IF EXISTS a_b")'], ""],
      [["create index(:a, [:b_id])", 'execute("DROP INDEX a_b_id_index")'], ""],
      [['execute("CREATE INDEX ON aa (b_id)")'], ""],
    ] as const,
    (bodies) => indexes(...bodies.map((body) => migration(body))),
  );
});

describe("names of unique indexes", () => {
  const made = "create unique_index(:a, [:x])";
  rows(
    [
      [[made], "a_x_index"],
      [["create unique_index(:a, [:x, :y])"], "a_x_y_index"],
      [["create unique_index(:a, [desc: :x])"], "a_x_index"],
      [['create unique_index(:a, ["lower(x)", :y])'], "a_lower_x_y_index"],
      [["create unique_index(:a, [:x], name: :n)"], "n"],
      [['create unique_index(:a, [:x], name: "#{n}_x")'], "?"],
      [["create unique_index(:a, columns)"], "?"],
      [["create unique_index(:c, [:x])", "rename table(:c), to: table(:a)"], "c_x_index"],
      [[made, "rename table(:a), :x, to: :y"], "a_x_index"],
      [[made, 'rename index(:a, [:x]), to: "n"'], "n"],
      [[made, 'execute("ALTER INDEX a_x_index RENAME TO n")'], "n"],
      [[made, 'execute("ALTER INDEX IF EXISTS public.a_x_index RENAME TO n")'], "n"],
      [[made, 'execute("ALTER INDEX #{@s}.a_x_index RENAME TO n")'], "n"],
      [['execute("CREATE UNIQUE INDEX ON a (x)")'], "a_x_idx"],
      [['execute("ALTER TABLE a ADD UNIQUE (x, y)")'], "a_x_y_key"],
      [['execute("ALTER TABLE a ADD CONSTRAINT n UNIQUE (x) DEFERRABLE")'], "n"],
      [[made, 'execute("ALTER TABLE a ADD CONSTRAINT n UNIQUE USING INDEX a_x_index")'], "n"],
      [['execute("ALTER TABLE a ADD CONSTRAINT n UNIQUE (x)")', "drop constraint(:a, :n)"], ""],
    ] as const,
    (bodies) => {
      const table = tablesOf(...bodies.map((body) => migration(body))).get("a");
      return (table?.indexes ?? []).map((index) => index.name ?? "?").join(" ");
    },
  );
});

describe("tables that a migration creates", () => {
  rows(
    [
      [["create table(:a)"], "created, a_pkey"],
      [["alter table(:a) do\nadd :x, :string\nend"], "a_pkey"],
      [["create table(:c)", "rename table(:c), to: table(:a)"], "created, c_pkey"],
      [["create table(:a)", 'execute("ALTER TABLE a RENAME CONSTRAINT a_pkey TO n")'], "created, n"],
    ] as const,
    (bodies) => {
      const table = tablesOf(...bodies.map((body) => migration(body))).get("a");
      return `${table?.created ? "created, " : ""}${table?.primaryKeyName}`;
    },
  );
});

describe("order", () => {
  const create = migration("create table(:a) do\nadd :x, :string\nend");
  const drop = migration("drop table(:a)");
  const names = (files: Readonly<Record<string, string>>): string[] => [
    ...projectOn(files).project.read(tables).keys(),
  ];

  it("is that of the versions, whatever the folder", () => {
    assert.deepEqual(
      names({ "priv/z/migrations/20240101000000_a.exs": create, "priv/a/migrations/20250101000000_b.exs": drop }),
      [],
    );
    assert.deepEqual(
      names({ "priv/z/migrations/20250101000000_a.exs": create, "priv/a/migrations/20240101000000_b.exs": drop }),
      ["a"],
    );
  });

  it("compares versions as numbers, as Ecto does", () => {
    assert.deepEqual(names({ "priv/repo/migrations/9_a.exs": create, "priv/repo/migrations/10_b.exs": drop }), []);
  });

  it("`down` says nothing", () => {
    const both = `defmodule M do\nuse Ecto.Migration\ndef up, do: create table(:a)\ndef down, do: drop table(:a)\nend`;
    assert.deepEqual(names({ "priv/repo/migrations/1_a.exs": both }), ["a"]);
  });

  it("helpers of a migration count", () => {
    const helped = `defmodule M do\nuse Ecto.Migration\ndef change, do: things()\ndefp things, do: create table(:a)\nend`;
    assert.deepEqual(names({ "priv/repo/migrations/1_a.exs": helped }), ["a"]);
  });
});

it("SQL that changes indexes or constraints in ways that are not read makes a table incomplete", () => {
  const complete = (sql: string): boolean | undefined =>
    tablesOf(migration("create table(:a)"), migration(`execute(${JSON.stringify(sql)})`)).get("a")?.complete;
  assert.equal(complete("DO $$ ALTER TABLE a ADD CONSTRAINT x CHECK (y) $$"), false);
  assert.equal(complete("UPDATE a SET x = 1"), true);
  assert.equal(complete("ALTER INDEX other ON b"), true);
  assert.equal(complete("ALTER TABLE a ADD CONSTRAINT x CHECK (y > 0)"), true);
  assert.equal(complete("ALTER TABLE a ADD CONSTRAINT x EXCLUDE (y WITH =)"), false);
  assert.equal(complete("ALTER TABLE b ADD CONSTRAINT x FOREIGN KEY (a) REFERENCES a"), true);
  assert.equal(complete("CREATE FUNCTION f() AS $x$ SELECT 1 FROM a; -- constraint $x$"), true);
  assert.equal(complete("CREATE UNIQUE INDEX #{name} ON a (y)"), false);
});
