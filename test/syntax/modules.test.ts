import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read } from "../support/syntax.ts";
import { rows } from "../support/table.ts";

/** The names of the modules of a text, without the file itself. */
function modules(text: string): string {
  return read(text)
    .modules.slice(1)
    .map((module) => module.name || "-")
    .join(" ");
}

describe("modules are named in full", () => {
  rows(
    [
      ["defmodule A do\nend", "A"],
      ["defmodule A do\nend\ndefmodule B do\nend", "A B"],
      ["defmodule A do\ndefmodule B do\ndefmodule C do\nend\nend\nend", "A A.B A.B.C"],
      ["defmodule A.B do\ndefmodule C.D do\nend\nend", "A.B A.B.C.D"],
      ["defmodule A do\ndefmodule __MODULE__.B do\nend\nend", "A A.B"],
      ["defmodule A do\ndefmodule Elixir.B do\nend\nend", "A B"],
      ["alias X.Y\ndefmodule Y.Z do\nend", "X.Y.Z"],
      ["defmodule unquote(name) do\nend", "-"],
      ["defmodule(A, do: 1)", ""],
      ["defmodule(A) do\nend", "A"],
      ["defprotocol P do\nend", "P"],
      ["defmodule A do\ndefprotocol P do\nend\nend", "A A.P"],
      ["defimpl P, for: X do\nend", "P.X"],
      ["alias A.P\nalias B.X\ndefimpl P, for: X do\nend", "A.P.B.X"],
      ["defmodule A do\ndefimpl P do\nend\nend", "A P.A"],
      ["defmodule A do\ndefimpl P, for: __MODULE__ do\nend\nend", "A P.A"],
      ["defmodule A do\ndefimpl P, for: __MODULE__.B do\nend\nend", "A P.A.B"],
      ["defimpl P, for: [X, Y] do\nend", "P.X"],
      ["defmodule A do\ndefimpl Inspect, for: A.B do\nend\ndef f, do: 1\nend", "A Inspect.A.B"],
      ["if Code.ensure_loaded?(X) do\ndefmodule A do\nend\nend", "A"],
      ["unless X do\ndefmodule A do\nend\ndefmodule B do\nend\nend", "A B"],
      ["if x do\ndefmodule A do\nend\nelse\ndefmodule B do\nend\nend", "A B"],
      ["Shop.if_hosted do\ndefmodule A do\nend\nelse\ndefmodule B do\nend\nend", "A B"],
      ["built :now do\nrequire X\ndefmodule A do\nend\nend", "A"],
      ["quote do\ndefmodule A do\nend\nend", ""],
      ["built do\ndef f, do: 1\nend", ""],
      ['defmodule A do\ntest "x" do\ndefmodule B do\nend\nend\nend', "A"],
      ["defmodule A do\nif x do\ndefmodule B do\nend\nend\nend", "A A.B"],
      ["defmodule A do\nif Mix.env() == :test do\ndefmodule B do\nend\nend\nend", "A"],
      ["defmodule A do\nif Mix.env() == :test do\ndefmodule B do\nend\nelse\ndefmodule C do\nend\nend\nend", "A A.C"],
      ["defmodule A do\nif Mix.env() == :prod do\ndefmodule B do\nend\nend\nend", "A A.B"],
      ["if Mix.env() == :test do\ndefmodule A do\nend\nend", "A"],
    ] as const,
    modules,
  );
});

/** The forms of a text as `module: first line`. */
function forms(text: string): string[] {
  const file = read(text);
  return file.forms.map((form) => {
    const [line] = text.slice(form.start, form.end).split("\n") as [string];
    return `${file.modules[form.module]?.name}: ${line}${form.result ? "" : " (broken)"}`;
  });
}

it("forms belong to the module that they stand in", () => {
  const text = "use X\ndefmodule A do\n@a 1\ndefmodule B do\ndef f, do: 1\nend\ndef g, do: 2\nend\nA.g()\n";
  assert.deepEqual(forms(text), [": use X", "A: @a 1", "A.B: def f, do: 1", "A: def g, do: 2", ": A.g()"]);
});

it("a form knows the module of its environment", () => {
  const file = read("defmodule A do\ndefmodule B do\ndef f, do: 1\nend\ndef g, do: 2\nend");
  assert.deepEqual(
    file.forms.map((form) => form.env.module),
    ["A.B", "A"],
  );
});

it("uses and attributes of a module do not reach the next", () => {
  const file = read("defmodule A do\nuse GenServer\n@a 1\ndef f, do: 1\nend\ndefmodule B do\ndef g, do: @a\nend");
  const last = file.forms.at(-1);
  assert.deepEqual([last?.env.uses, last?.env.attributes.size], [[], 0]);
});

it("aliases of a module do not reach the next, those of the file do", () => {
  const file = read("alias X.Y\ndefmodule A do\nalias X.Z\ndef f, do: 1\nend\ndefmodule B do\ndef g, do: 1\nend");
  assert.deepEqual([...(file.forms.at(-1)?.env.aliases.keys() ?? [])], ["Y"]);
});
