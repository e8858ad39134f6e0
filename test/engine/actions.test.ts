import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CodeAction, Session } from "../../server/src/lint/session.ts";
import { sessionOn } from "../support/engine.ts";
import { apply, callProbe, functionProbe, replaceBy, rulesFound } from "../support/probes.ts";

const rules = [
  callProbe("bad", { fixes: [replaceBy("good()"), replaceBy("maybe()", "suggestion")] }),
  callProbe("long", { fixes: [replaceBy("if x do\n  1\nend")] }),
  callProbe("broken", { fixes: [replaceBy("good(")] }),
  callProbe("stray", { fixes: [replaceBy("good()\nend")] }),
  callProbe("worse"),
  functionProbe("target"),
];
const PATH = "/app/lib/a.ex";
const TEXT = "defmodule A do\n  def f do\n    bad()\n    worse()\n    bad()\n  end\nend\n";

function on(text: string, path = "lib/a.ex"): Session {
  return sessionOn({ [path]: text }, { rules });
}

/** The actions at the first place of `source`. */
function actionsAt(session: Session, source: string, path = PATH): CodeAction[] {
  const start = session.text(path)?.indexOf(source) ?? -1;
  assert.ok(start >= 0, source);
  return session.actions(path, { start, end: start });
}

/** The text after the action with the title at the first place of `source`. */
function after(session: Session, source: string, title: string, path = PATH): string | null {
  const action = actionsAt(session, source, path).find((candidate) => candidate.title === title);
  assert.ok(action, `no action ${title}`);
  apply(session, action.edits());
  return session.text(path);
}

const FOR_LINE = "Disable `probe/bad` for this line";
const FOR_FILE = "Disable `probe/bad` for this file";

describe("what is offered", () => {
  it("at a finding: its fixes, all of its kind, and silence", () => {
    const offers = actionsAt(on(TEXT), "bad()").map(({ kind, title }) => `${kind}: ${title}`);
    assert.deepEqual(offers, [
      "fix: Write good()",
      "suggestion: Write maybe()",
      "fix-all: Fix all `probe/bad` in this file",
      `suppress: ${FOR_LINE}`,
      `suppress: ${FOR_FILE}`,
    ]);
  });

  it("at a finding without a fix: silence", () => {
    assert.deepEqual(
      actionsAt(on(TEXT), "worse()").map(({ kind }) => kind),
      ["suppress", "suppress"],
    );
  });

  it("no fix for all where there is one finding only", () => {
    const offers = actionsAt(on("defmodule A do\ndef f, do: bad()\nend"), "bad()");
    assert.ok(!offers.some(({ kind }) => kind === "fix-all"));
  });

  it("nothing elsewhere, and nothing in files that are not known", () => {
    assert.deepEqual(actionsAt(on(TEXT), "defmodule"), []);
    assert.deepEqual(on(TEXT).actions("/app/lib/none.ex", { start: 0, end: 0 }), []);
  });
});

describe("fixes", () => {
  it("change what they say and nothing else", () => {
    assert.equal(after(on(TEXT), "bad()", "Write good()"), TEXT.replace("bad()", "good()"));
    assert.equal(after(on(TEXT), "bad()", "Write maybe()"), TEXT.replace("bad()", "maybe()"));
  });

  it("of all findings of a rule, never a suggestion", () => {
    assert.equal(after(on(TEXT), "bad()", "Fix all `probe/bad` in this file"), TEXT.replaceAll("bad()", "good()"));
  });

  it("of all rules leave nothing to fix", () => {
    const session = on(TEXT);
    apply(session, session.fixAll(PATH));
    assert.deepEqual(rulesFound(session, PATH), ["probe/worse"]);
    assert.equal(session.fixAll(PATH), null);
  });

  it("that overlap wait for their turn", () => {
    const text = "defmodule A do\ndef f, do: bad(bad())\nend";
    const session = on(text);
    apply(session, session.fixAll(PATH));
    assert.equal(session.text(PATH), text.replace("bad(bad())", "good()"));
  });

  it("that would break the file are not made", () => {
    for (const name of ["broken", "stray"]) {
      const text = `defmodule A do\ndef f do\n${name}()\nend\nend\n`;
      const session = on(text);
      assert.equal(session.fixAll(PATH), null, name);
      assert.equal(actionsAt(session, name)[0]?.edits(), null, name);
    }
  });

  it("work beside a form that is broken", () => {
    const text = "defmodule A do\n  def f, do: bad()\n\n  def g(, do: 1\nend\n";
    assert.equal(after(on(text), "bad()", "Write good()"), text.replace("bad()", "good()"));
  });

  it("work in a template", () => {
    const session = on("<p>é {bad()}</p>", "lib/a.html.heex");
    assert.equal(after(session, "bad()", "Write good()", "/app/lib/a.html.heex"), "<p>é {good()}</p>");
  });

  it("are for the text as it stands, after edits that moved it", () => {
    const session = on(TEXT);
    session.edit(PATH, [{ start: 0, end: 0, text: "# é😀\n\n" }]);
    session.refresh();
    assert.equal(after(session, "bad()", "Write good()"), `# é😀\n\n${TEXT.replace("bad()", "good()")}`);
  });
});

describe("a CRLF file stays one", () => {
  const crlf = (text: string): string => text.replaceAll("\n", "\r\n");
  const lines = (text: string | null): void => assert.doesNotMatch(text ?? "", /[^\r]\n|\r(?!\n)/);

  it("after a fix of several lines", () => {
    const text = after(on(crlf("defmodule A do\n  def f do\n    long()\n  end\nend\n")), "long()", "Write if x do");
    assert.match(text ?? "", /if x do\r\n {2}1\r\nend/);
    lines(text);
  });

  it("after comments that suppress", () => {
    lines(after(on(crlf(TEXT)), "bad()", FOR_LINE));
    lines(after(on(crlf(TEXT)), "bad()", FOR_FILE));
  });
});

describe("silence", () => {
  /** The rules found after an action, which must leave text that parses. */
  const rulesAfter = (text: string, title: string, path = "lib/a.ex"): string[] => {
    const session = on(text, path);
    after(session, "bad()", title, `/app/${path}`);
    return rulesFound(session, `/app/${path}`);
  };

  it("for a line is a comment before it, indented as it is", () => {
    const session = on(TEXT);
    const text = after(session, "bad()", FOR_LINE);
    assert.equal(text, TEXT.replace("    bad()", "    # lintel:disable-for-next-line probe/bad\n    bad()"));
    assert.deepEqual(rulesFound(session, PATH), ["probe/worse", "probe/bad"]);
  });

  it("for a file is a comment at its top", () => {
    const session = on(TEXT);
    assert.equal(after(session, "bad()", FOR_FILE), `# lintel:disable-for-this-file probe/bad\n${TEXT}`);
    assert.deepEqual(rulesFound(session, PATH), ["probe/worse"]);
  });

  it("keeps a byte order mark first", () => {
    for (const title of [FOR_LINE, FOR_FILE]) {
      const session = on("\uFEFFbad()\n");
      assert.match(after(session, "bad()", title) ?? "", /^\uFEFF# lintel/);
      assert.deepEqual(rulesFound(session, PATH), []);
    }
  });

  it("works in a file with tabs, in a pipe, and with a second rule on the line", () => {
    assert.deepEqual(rulesAfter("defmodule A do\n\tdef f do\n\t\tbad()\n\tend\nend\n", FOR_LINE), []);
    assert.deepEqual(rulesAfter("defmodule A do\n  def f do\n    x\n    |> y(bad())\n  end\nend\n", FOR_LINE), []);
    assert.deepEqual(rulesAfter("defmodule A do\n  def f do\n    bad() + worse()\n  end\nend\n", FOR_LINE), [
      "probe/worse",
    ]);
  });

  it("works in a .heex file", () => {
    for (const title of [FOR_LINE, FOR_FILE]) {
      assert.deepEqual(rulesAfter("<div>\n  <p>{bad()}</p>\n</div>\n", title, "lib/a.html.heex"), []);
    }
  });

  const inSigil = (markup: string): string =>
    `defmodule A do\n  def f(assigns) do\n    ~H"""\n${markup}\n    """\n  end\nend\n`;

  it("works in a ~H sigil, as a comment of the template", () => {
    const text = inSigil("    <p>\n      {bad()}\n    </p>");
    assert.match(
      after(on(text), "bad()", FOR_LINE) ?? "",
      /<%!-- lintel:disable-for-next-line probe\/bad --%>\n {6}\{bad/,
    );
    assert.deepEqual(rulesAfter(text, FOR_LINE), []);
    assert.deepEqual(rulesAfter(inSigil("    {bad()}"), FOR_LINE), []);
    assert.deepEqual(rulesAfter('defmodule A do\n  def f(assigns), do: ~H"<p>{bad()}</p>"\nend\n', FOR_LINE), []);
  });

  it("for a line is not offered where no comment can stand", () => {
    const inTag = inSigil('    <p\n      class="x"\n      title={bad()}\n    />');
    const inString = 'defmodule A do\n  def f do\n    """\n    one\n    #{bad()}\n    """\n  end\nend\n';
    const inHeex = "<p\n  title={bad()}\n/>\n";
    for (const [text, path] of [
      [inTag, "lib/a.ex"],
      [inString, "lib/a.ex"],
      [inHeex, "lib/a.html.heex"],
    ] as const) {
      const titles = actionsAt(on(text, path), "bad()", `/app/${path}`).map(({ title }) => title);
      assert.ok(!titles.includes(FOR_LINE), text);
      assert.deepEqual(rulesAfter(text, FOR_FILE, path), []);
    }
  });
});
