import { describe } from "node:test";
import { modulesIn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

describe("a schema's table, keys and columns", () => {
  rows(
    [
      ['schema "a" do\nfield :x, :string\nend', "a key id: x"],
      ['@schema_prefix "p"\nschema "a" do\nfield :x, :string, source: :y\nend', "p.a key id: x=y"],
      ['@primary_key {:uuid, :binary_id, autogenerate: true}\nschema "a" do\nend', "a key uuid: "],
      ['@primary_key false\nschema "a" do\nfield :x, :string, primary_key: true, redact: true\nend', "a key x: x!"],
      ['@primary_key false\nschema "a" do\nbelongs_to :b, B, primary_key: true\nend', "a key b_id: "],
    ] as const,
    (body) => {
      const schema = modulesIn(`defmodule A do\nuse Ecto.Schema\n${body}\nend\n`)[0]?.schema;
      const fields = schema?.fields.map((f) => `${f.name}${f.source ? `=${f.source}` : ""}${f.redact ? "!" : ""}`);
      return `${schema?.prefix ? `${schema.prefix}.` : ""}${schema?.source} key ${schema?.primaryKey}: ${fields}`;
    },
  );
});
