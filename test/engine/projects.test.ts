import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { projectRule } from "../../server/src/lint/rule.ts";
import type { Rule, Session } from "../../server/src/lint/session.ts";
import { tables } from "../../server/src/project/database/tables.ts";
import credoMissing from "../../server/src/rules/design/credo-missing.ts";
import { newSession, sessionOn } from "../support/engine.ts";
import { callProbe, functionProbe, rulesFound } from "../support/probes.ts";
import { rows } from "../support/table.ts";

const rules = [callProbe("bad"), functionProbe("target"), callProbe("assign", { id: "probe/local-assign" })];
const BAD = "defmodule A do\n  def f, do: bad()\nend\n";
const NO_TEXTS = { config: null, lock: null, baseline: null };

describe("projects within projects", () => {
  const off = '{"rules": {"probe/bad": "off"}}';

  function nested(order: readonly string[]): Session {
    const { session } = newSession({ rules });
    session.openProject("/app", NO_TEXTS);
    for (const step of order) {
      if (step === "inner") session.openProject("/app/apps/x", { ...NO_TEXTS, config: off });
      else session.update(step, BAD);
    }
    session.settle();
    return session;
  }

  const files = ["/app/lib/a.ex", "/app/apps/x/lib/a.ex", "/app/apps/xy/lib/a.ex"];
  for (const [name, order] of [
    ["known before its files", ["inner", ...files]],
    ["found after its files", [...files, "inner"]],
  ] as const) {
    it(`each file is of the innermost: ${name}`, () => {
      const session = nested(order);
      assert.deepEqual(
        files.map((path) => rulesFound(session, path).length),
        [1, 0, 1],
      );
      assert.deepEqual(session.paths().sort(), [...files].sort());
    });
  }

  it("is looked after with the tools of the one around it", () => {
    const mix = 'defmodule X.MixProject do\n  use Mix.Project\n  defp deps, do: [{:jason, "~> 1.4"}]\nend\n';
    const found = [false, true].map((inside) => {
      const { session } = newSession({ rules: [{ ...credoMissing, documentation: "" }] });
      session.openProject("/app/apps/x", { ...NO_TEXTS, nested: inside });
      session.update("/app/apps/x/mix.exs", mix);
      session.update("/app/apps/x/lib/x.ex", "defmodule X do\nend\n");
      session.settle();
      return rulesFound(session, "/app/apps/x/mix.exs");
    });
    assert.deepEqual(found, [["design/credo-missing"], []]);
  });

  it("a problem in the inner one's settings stays when the outer one is opened again", () => {
    const { session } = newSession({ rules });
    session.openProject("/app", NO_TEXTS);
    session.openProject("/app/apps/x", { ...NO_TEXTS, config: "{" });
    session.settle();
    session.openProject("/app", NO_TEXTS);
    session.settle();
    assert.ok(session.diagnostics("/app/apps/x/.lintel.json").length > 0);
  });

  it("a project that goes takes its problems along", () => {
    const { session } = newSession({ rules });
    session.openProject("/other", { ...NO_TEXTS, config: "{" });
    session.update("/other/lib/a.ex", BAD);
    session.settle();
    assert.deepEqual(session.removeProject("/other").sort(), ["/other/.lintel.json", "/other/lib/a.ex"]);
    assert.deepEqual([session.diagnostics("/other/.lintel.json"), session.paths()], [[], []]);
  });

  it("macros of one are not those of another", () => {
    const { session } = newSession({ rules });
    session.openProject("/a", NO_TEXTS);
    session.openProject("/b", NO_TEXTS);
    session.update("/a/lib/m.ex", "defmodule M do\ndefmacro __using__(_), do: quote(do: use(Phoenix.Component))\nend");
    const text = "defmodule P do\nuse M\ndef f(x), do: assign(x, 1)\nend";
    session.update("/a/lib/p.ex", text);
    session.update("/b/lib/p.ex", text);
    session.settle();
    assert.deepEqual(
      [rulesFound(session, "/a/lib/p.ex"), rulesFound(session, "/b/lib/p.ex")],
      [[], ["probe/local-assign"]],
    );
  });

  it("a file outside of all is left alone", () => {
    const { session } = newSession({ rules });
    session.update("/elsewhere/a.ex", BAD);
    session.edit("/elsewhere/a.ex", [{ start: 0, end: 0, text: "x" }]);
    session.remove("/elsewhere/a.ex");
    assert.deepEqual(
      [session.settle(), session.has("/elsewhere/a.ex"), session.text("/elsewhere/a.ex")],
      [[], false, null],
    );
    assert.equal(session.fixAll("/elsewhere/a.ex"), null);
  });
});

describe("files that go and come back", () => {
  it("have no diagnostics, then those that they had", () => {
    const session = sessionOn({ "lib/a.ex": BAD }, { rules });
    session.remove("/app/lib/a.ex");
    assert.deepEqual(session.settle(), ["/app/lib/a.ex"]);
    assert.deepEqual([session.diagnostics("/app/lib/a.ex"), session.paths()], [[], []]);
    session.update("/app/lib/a.ex", BAD);
    assert.deepEqual(session.settle(), ["/app/lib/a.ex"]);
    assert.deepEqual(rulesFound(session, "/app/lib/a.ex"), ["probe/bad"]);
  });

  it("two files with one module: the one that stays is known", () => {
    const macro = "defmodule M do\ndefmacro __using__(_), do: quote(do: use(Phoenix.Component))\nend";
    const page = "defmodule P do\nuse M\ndef f(x), do: assign(x, 1)\nend";
    const session = sessionOn({ "lib/m1.ex": macro, "lib/m2.ex": macro, "lib/p.ex": page }, { rules });
    session.remove("/app/lib/m1.ex");
    session.settle();
    assert.deepEqual(rulesFound(session, "/app/lib/p.ex"), []);
    session.remove("/app/lib/m2.ex");
    session.settle();
    assert.deepEqual(rulesFound(session, "/app/lib/p.ex"), ["probe/local-assign"]);
  });

  it("an update to the same text is no news", () => {
    const session = sessionOn({ "lib/a.ex": BAD }, { rules });
    session.update("/app/lib/a.ex", BAD);
    assert.deepEqual(session.settle(), []);
  });
});

describe("what a file is for", () => {
  rows(
    [
      ["lib/a.ex", 1],
      ["test/a_test.exs", 0],
      ["lib/mix/tasks/a.ex", 0],
      ["priv/repo/migrations/1_a.exs", 0],
      ["priv/repo/seeds.exs", 0],
      ["mix.exs", 0],
      ["deps/x/lib/a.ex", 0],
    ] as const,
    (path) => sessionOn({ [path]: BAD }, { rules }).diagnostics(`/app/${path}`).length,
  );

  for (const [name, change] of [
    [
      "by a keystroke",
      (session: Session) => session.edit("/app/lib/a.ex", [{ start: 0, end: 0, text: "# Generated by x\n" }]),
    ],
    ["by a new text", (session: Session) => session.update("/app/lib/a.ex", `# Generated by x\n${BAD}`)],
  ] as const) {
    it(`changes with its first lines, ${name}`, () => {
      const session = sessionOn({ "lib/a.ex": BAD }, { rules });
      change(session);
      session.settle();
      assert.deepEqual(rulesFound(session, "/app/lib/a.ex"), []);
    });
  }

  it("changes what rules of the project see", () => {
    const columns: Rule = {
      ...projectRule({
        id: "probe/columns",
        category: "design",
        severity: "warning",
        since: "0",
        summary: "x",
        check(cx) {
          for (const table of cx.read(tables).values()) for (const c of table.columns.values()) cx.report(c.at, c.name);
        },
      }),
      documentation: "",
    };
    const text = `defmodule A do\n  use Ecto.Migration\n  def target do\n    create table(:a) do\n      add :x, :map\n    end\n  end\nend\n`;
    const session = sessionOn({ "lib/a.ex": text }, { rules: [columns] });
    assert.equal(session.diagnostics("/app/lib/a.ex").length, 1);
    session.edit("/app/lib/a.ex", [{ start: 0, end: 0, text: "# Generated by x\n" }]);
    session.settle();
    assert.deepEqual(rulesFound(session, "/app/lib/a.ex"), []);
  });

  it("changes within a form as well", () => {
    const text = 'defmodule A do\n  @moduledoc """\n  # Written by hand\n  """\n  def f, do: bad()\nend\n';
    const session = sessionOn({ "lib/a.ex": text }, { rules });
    const at = text.indexOf("Written by hand");
    session.edit("/app/lib/a.ex", [{ start: at, end: at + 15, text: "Generated by x" }]);
    session.settle();
    const fresh = sessionOn({ "lib/a.ex": session.text("/app/lib/a.ex") as string }, { rules });
    assert.deepEqual(session.diagnostics("/app/lib/a.ex"), fresh.diagnostics("/app/lib/a.ex"));
  });
});
