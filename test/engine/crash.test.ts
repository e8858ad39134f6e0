import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anchor, calls, fix, formRule, moduleRule, projectRule, type Rule } from "../../server/src/lint/rule.ts";
import type { Session } from "../../server/src/lint/session.ts";
import { newSession } from "../support/engine.ts";
import { callProbe, found, functionProbe, rulesFound } from "../support/probes.ts";

const META = { category: "design", severity: "warning", since: "0", summary: "x" } as const;

/** Reports each call of `probe`, and throws at `boom`. */
const fragile: Rule = {
  ...formRule({
    ...META,
    id: "probe/fragile",
    query: calls("probe", "boom"),
    check(call, cx) {
      if (call.name === "boom") throw new Error("form rule down");
      cx.report(call, "found");
    },
  }),
  documentation: "",
};

const fragileView: Rule = {
  ...moduleRule({
    ...META,
    id: "probe/fragile-view",
    check(module, cx) {
      for (const clause of module.clauses) {
        if (clause.name === "boom") throw new Error("module rule down");
        cx.report(anchor(module, clause, clause.at), "found");
      }
    },
  }),
  documentation: "",
};

const fragileProject: Rule = {
  ...projectRule({
    ...META,
    id: "probe/fragile-project",
    check(cx) {
      for (const module of cx.named("A")) {
        for (const clause of module.clauses) {
          cx.report(anchor(module, clause, clause.at), "found");
          if (clause.name === "boom") throw new Error("project rule down");
        }
      }
    },
  }),
  documentation: "",
};

function open(rules: readonly Rule[], files: Readonly<Record<string, string>>): { session: Session; log: string[] } {
  const { session, log } = newSession({ rules });
  for (const [path, text] of Object.entries(files)) session.update(`/app/${path}`, text);
  session.settle();
  return { session, log };
}

const WITH = "defmodule A do\ndef f, do: probe()\ndef g, do: boom()\ndef h, do: other()\nend\n";
const WITHOUT = WITH.replace("boom()", "1");

describe("a form rule that throws", () => {
  const rules = [fragile, callProbe("other")];

  it("is off for that file only, and the other rules go on", () => {
    const { session, log } = open(rules, { "lib/a.ex": WITH, "lib/b.ex": WITHOUT });
    assert.deepEqual(rulesFound(session, "/app/lib/a.ex"), ["probe/other"]);
    assert.deepEqual(rulesFound(session, "/app/lib/b.ex"), ["probe/fragile", "probe/other"]);
    assert.equal(log.length, 1);
    assert.match(log[0] as string, /probe\/fragile.*\/app\/lib\/a\.ex.*form rule down/s);
  });

  it("is logged once, however often the file changes", () => {
    const { session, log } = open(rules, { "lib/a.ex": WITH });
    for (let i = 0; i < 5; i++) {
      session.edit("/app/lib/a.ex", [{ start: 0, end: 0, text: "# c\n" }]);
      session.settle();
    }
    assert.equal(log.length, 1);
  });

  it("is on again when what it threw at is gone", () => {
    const { session } = open(rules, { "lib/a.ex": WITH });
    const at = WITH.indexOf("boom()");
    session.edit("/app/lib/a.ex", [{ start: at, end: at + 6, text: "1" }]);
    session.settle();
    assert.deepEqual(rulesFound(session, "/app/lib/a.ex"), ["probe/fragile", "probe/other"]);
  });
});

describe("a view rule that throws", () => {
  const text = "defmodule A do\ndef boom, do: 1\nend\ndefmodule B do\ndef f, do: 1\ndef other, do: 1\nend\n";

  it("is off for that file, all its modules, and the other rules go on", () => {
    const { session, log } = open([fragileView, functionProbe("other")], {
      "lib/a.ex": text,
      "lib/b.ex": "defmodule C do\ndef f, do: 1\nend",
    });
    assert.deepEqual(rulesFound(session, "/app/lib/a.ex"), ["probe/other"]);
    assert.deepEqual(rulesFound(session, "/app/lib/b.ex"), ["probe/fragile-view"]);
    assert.equal(log.length, 1);
  });

  it("of the project loses its findings and leaves the others theirs", () => {
    const { session, log } = open([fragileProject, functionProbe("other")], { "lib/a.ex": text });
    assert.deepEqual(found(session, "/app/lib/a.ex"), ['probe/other "other"']);
    assert.equal(log.length, 1);
  });
});

describe("a fix that throws", () => {
  const bad = callProbe("probe", {
    fixes: [
      fix("Break", () => {
        throw new Error("fix down");
      }),
    ],
  });
  const good = callProbe("other", { fixes: [fix("Mend", (source) => [source.replace(source.at, "mended()")])] });

  it("is no edit, is logged, and leaves the other fixes alone", () => {
    const { session, log } = open([bad, good], { "lib/a.ex": WITHOUT });
    const edits = session.fixAll("/app/lib/a.ex");
    assert.deepEqual(
      edits?.get("/app/lib/a.ex")?.map((edit) => edit.text),
      ["mended()"],
    );
    const actions = session.actions("/app/lib/a.ex", { start: 0, end: WITHOUT.length });
    assert.equal(actions.find((action) => action.title === "Break")?.edits(), null);
    assert.equal(log.length, 1);
    assert.match(log[0] as string, /probe\/probe.*fix down/s);
  });
});
