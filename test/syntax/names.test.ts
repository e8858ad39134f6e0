import { describe } from "node:test";
import { body, lowered } from "../support/syntax.ts";
import { rows } from "../support/table.ts";

/** What `source` shows as in a function of `A.B`, the last statement of it. */
function last(source: string, before = ""): string {
  return body(source, before).split("; ").at(-1) as string;
}

describe("aliases of the module", () => {
  rows(
    [
      ["alias C.D", "C.D.x()"],
      ["alias C.{D, E}", "C.D.x()"],
      ["alias C.{E.D, F}", "C.E.D.x()"],
      ["alias C.Q, as: D", "C.Q.x()"],
      ["alias C.Q, as: D\nalias C.R, as: D", "C.R.x()"],
      ["alias C.E\nalias E.D", "C.E.D.x()"],
      ["alias __MODULE__.D", "A.B.D.x()"],
      ["alias __MODULE__.{D, E}", "A.B.D.x()"],
      ["alias __MODULE__, as: D", "A.B.x()"],
      ["alias Elixir.C.D", "C.D.x()"],
      ["alias(C.D)", "C.D.x()"],
      ["alias C.D, warn: false", "C.D.x()"],
      ["alias :ets, as: D", ":ets.x()"],
      ["require C.Q, as: D", "C.Q.x()"],
      ["require C.D", "D.x()"],
      ["defmodule D do\nend", "A.B.D.x()"],
      ["defmodule D.E do\nend", "A.B.D.x()"],
      ["defmodule Elixir.D do\nend", "D.x()"],
      ["defmodule Elixir.C.D do\nend", "D.x()"],
    ] as const,
    (before) => last("D.x()", before),
  );
});

describe("aliases within a function", () => {
  rows(
    [
      ["alias C.D\nD.x()", "C.D.x()"],
      ["alias C.Q, as: D\nalias C.R, as: D\nD.x()", "C.R.x()"],
      ["if y do\nalias C.D\nend\nD.x()", "D.x()"],
      ["fn -> alias C.D; D.x() end", "C.D.x()}"],
      ["case y do\n1 -> alias C.D; 2\n_ -> D.x()\nend", "_ -> D.x()}"],
      ["import Ecto.Query\nwhere(x)", "Ecto.Query.where(x)"],
      ["alias __MODULE__\nB.x()", "A.B.x()"],
    ] as const,
    (source) => last(source),
  );
});

describe("a nested module sees its own short name", () => {
  rows(
    [
      ["defmodule A do\ndefmodule C do\ndef f, do: C.g()\nend\nend", "def f() do{A.C.g()}"],
      ["alias X.Y\ndefmodule A do\ndef f, do: Y.g()\nend", "def f() do{X.Y.g()}"],
      ["alias X.A\ndefmodule A do\ndef f, do: __MODULE__.g()\nend", "def f() do{X.A.g()}"],
    ] as const,
    lowered,
  );
});

describe("imports", () => {
  rows(
    [
      ["import Ecto.Query", "Ecto.Query.where(Ecto.Query.from(x), a)"],
      ["import Ecto.Query, only: [from: 2]", "where(Ecto.Query.from(x), a)"],
      ["import Ecto.Query, except: [from: 2]", "Ecto.Query.where(from(x), a)"],
      ["import Ecto.Query, only: :macros", "Ecto.Query.where(Ecto.Query.from(x), a)"],
      ["import Ecto.Query, warn: false", "Ecto.Query.where(Ecto.Query.from(x), a)"],
      ["import Unknown", "where(from(x), a)"],
      ["import Unknown, only: [from: 1]", "where(Unknown.from(x), a)"],
      ["import :unknown, only: [from: 1]", "where(:unknown.from(x), a)"],
      ["alias Ecto.Query\nimport Query", "Ecto.Query.where(Ecto.Query.from(x), a)"],
      ["import Ecto.{Query, Changeset}", "Ecto.Query.where(Ecto.Query.from(x), a)"],
      ["import Ecto.Query\nimport Mine, only: [from: 1]", "Ecto.Query.where(Mine.from(x), a)"],
      ["require Ecto.Query", "where(from(x), a)"],
    ] as const,
    (before) => body("from(x) |> where(a)", before),
  );
});

describe("what `use` imports", () => {
  rows(
    [
      ["use Phoenix.LiveView", "Phoenix.Component.assign(x, 1)"],
      ["use ShopWeb, :live_view", "Phoenix.Component.assign(x, 1)"],
      ["use ShopWeb, :controller", "Plug.Conn.assign(x, 1)"],
      ["use Shop, :live_view", "assign(x, 1)"],
      ["use GenServer", "assign(x, 1)"],
    ] as const,
    (before) => body("assign(x, 1)", before),
  );
});
