import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatBaseline, type Session } from "../../server/src/lint/session.ts";
import { newSession } from "../support/engine.ts";
import { callProbe, found } from "../support/probes.ts";

const rules = [callProbe("bad"), callProbe("worse")];
const PATH = "/app/lib/a.ex";
const TEXT = "defmodule A do\n  def f do\n    bad(1)\n  end\n\n  def g do\n    bad(2)\n    bad(2)\n  end\nend\n";

function on(text: string, baseline: string | null, path = PATH): Session {
  const { session } = newSession({ rules });
  session.openProject("/app", { config: null, lock: null, baseline });
  session.update(path, text);
  session.settle();
  return session;
}

const written = formatBaseline(on(TEXT, null).baseline("/app"));

describe("a baseline", () => {
  it("is written without line numbers, in an order of its own", () => {
    const { findings } = JSON.parse(written) as { findings: Record<string, string>[] };
    assert.deepEqual(
      findings.map(({ rule, path, anchor }) => `${rule} ${path} ${anchor}`),
      ["probe/bad lib/a.ex A.f/0", "probe/bad lib/a.ex A.g/0", "probe/bad lib/a.ex A.g/0"],
    );
    for (const entry of findings) assert.deepEqual(Object.keys(entry).sort(), ["anchor", "path", "rule", "snippet"]);
    assert.ok(written.endsWith("\n"));
  });

  it("hides what it knows", () => {
    assert.deepEqual(found(on(TEXT, written), PATH), []);
  });

  it("survives edits elsewhere", () => {
    const edited = `# more\n\n${TEXT.replace("  def g", "  def new, do: 1\n\n  # c\n  def g").replace("    bad(1)", "      x()\n      bad( 1 )".replace("( 1 )", "(1)"))}`;
    assert.deepEqual(found(on(edited, written), PATH), []);
  });

  it("survives another indentation of a finding of several lines", () => {
    const text = "defmodule A do\n  def f do\n    bad(\n      1\n    )\n  end\nend\n";
    const baseline = formatBaseline(on(text, null).baseline("/app"));
    assert.deepEqual(found(on(text.replace(/\n {4,}/g, "\n          "), baseline), PATH), []);
  });

  it("shows what is new", () => {
    assert.deepEqual(found(on(TEXT.replace("bad(1)", "bad(3)"), written), PATH), ['probe/bad "bad(3)"']);
    assert.deepEqual(found(on(TEXT.replace("def f", "def h"), written), PATH), ['probe/bad "bad(1)"']);
    assert.deepEqual(found(on(TEXT.replace("bad(1)", "bad(1)\n    worse()"), written), PATH), [
      'probe/worse "worse()"',
    ]);
    assert.equal(found(on(TEXT, written, "/app/lib/b.ex"), "/app/lib/b.ex").length, 3);
  });

  it("counts duplicates", () => {
    assert.deepEqual(found(on(TEXT.replace("bad(2)\n", "bad(2)\n    bad(2)\n"), written), PATH), [
      'probe/bad "bad(2)"',
    ]);
  });

  it("holds while typing", () => {
    const session = on(TEXT, written);
    const at = TEXT.indexOf("bad(1)");
    session.edit(PATH, [{ start: at, end: at, text: "worse()\n    " }]);
    session.refresh();
    assert.deepEqual(found(session, PATH), ['probe/worse "worse()"']);
  });

  it("that cannot be read hides nothing and is reported at its file", () => {
    for (const broken of ["{", "[]", "{}", "null", '{"findings": 1}', '{"findings": [null]}']) {
      const session = on(TEXT, broken);
      assert.equal(found(session, PATH).length, 3, broken);
      assert.equal(session.diagnostics("/app/.lintel-baseline.json").length, 1, broken);
    }
  });
});
