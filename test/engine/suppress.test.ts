import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Session } from "../../server/src/lint/session.ts";
import { sessionOn } from "../support/engine.ts";
import { apply, callProbe, found, functionProbe, replaceBy, rulesFound } from "../support/probes.ts";
import { rows } from "../support/table.ts";

const rules = [
  callProbe("bad", { fixes: [replaceBy("good()")] }),
  callProbe("worse"),
  callProbe("quiet", { default: "off" }),
  functionProbe("target"),
];

const PATH = "/app/lib/a.ex";

function on(text: string, path = "lib/a.ex"): Session {
  return sessionOn({ [path]: text }, { rules });
}

/** What a function's body with these lines shows. */
function shown(lines: string): string {
  return found(on(`defmodule A do\n  def f do\n${lines}\n  end\nend\n`), PATH).join(", ");
}

const BAD = "    bad()";

describe("comments that suppress", () => {
  rows(
    [
      [BAD, 'probe/bad "bad()"'],
      [`    # lintel:disable-for-next-line probe/bad\n${BAD}`, ""],
      [`    # lintel:disable-for-next-line probe/bad -- because\n${BAD}`, ""],
      [
        `    # lintel:disable-for-next-line probe/bad -- probe/worse is fine\n${BAD}\n    worse()`,
        'probe/worse "worse()"',
      ],
      [`    # lintel:disable-for-next-line probe/bad, probe/worse\n    bad() || worse()`, ""],
      [`    # lintel:disable-for-next-line probe/bad probe/worse -- why\n    bad() || worse()`, ""],
      [
        `    # lintel:disable-for-next-line probe/bad\n    # lintel:disable-for-next-line probe/worse\n    bad() || worse()`,
        "",
      ],
      [`${BAD}\n    # lintel:disable-for-previous-line probe/bad`, ""],
      [`${BAD} # lintel:disable-for-this-file probe/bad`, ""],
      [`${BAD}\n${BAD}\n    # lintel:disable-for-this-file probe/bad -- old code`, ""],
      [`    x() # lintel:disable-for-next-line probe/bad\n${BAD}`, ""],
      [`    #lintel:disable-for-next-line probe/bad\n${BAD}`, ""],
      [`    # lintel:disable-for-next-line probe/bad\r\n${BAD}\r`, ""],
      [`    # Lintel is lintel: fine\n${BAD}`, 'probe/bad "bad()"'],
      [`    "# lintel:disable-for-next-line probe/bad"\n${BAD}`, 'probe/bad "bad()"'],
    ] as const,
    shown,
  );

  it("reach the next line only", () => {
    assert.equal(shown(`    # lintel:disable-for-next-line probe/bad\n${BAD}\n${BAD}`), 'probe/bad "bad()"');
  });

  it("work between forms, and for findings of views", () => {
    const text = "defmodule A do\n  # lintel:disable-for-next-line probe/target\n  def target, do: 1\nend\n";
    assert.deepEqual(found(on(text), PATH), []);
  });

  it("work before the first module and after the last", () => {
    const text = "defmodule A do\n  def f, do: bad()\nend\n";
    assert.deepEqual(found(on(`# lintel:disable-for-this-file probe/bad\n${text}`), PATH), []);
    assert.deepEqual(found(on(`${text}# lintel:disable-for-this-file probe/bad\n`), PATH), []);
  });

  it("work while another form is broken", () => {
    const text = `defmodule A do\n  # lintel:disable-for-next-line probe/bad\n  def f, do: bad()\n\n  def g(, do: 1\nend\n`;
    assert.deepEqual(found(on(text), PATH), []);
  });

  it("speak of a finding's first line", () => {
    const lines = "    # lintel:disable-for-next-line probe/bad\n    bad(\n      1\n    )";
    assert.equal(shown(lines), "");
  });
});

describe("comments that suppress nothing", () => {
  rows(
    [
      ["    # lintel:disable-for-next-line probe/bad\n    fine()", "lintel/unused-suppression"],
      ["    # lintel:disable-for-this-file probe/bad\n    fine()", "lintel/unused-suppression"],
      ["    # lintel:disable-for-next-line probe/bad, probe/worse\n    bad()", "lintel/unused-suppression"],
      // Off, so nobody can say that it would find nothing.
      ["    # lintel:disable-for-next-line probe/quiet\n    quiet()", ""],
      ["    # lintel:disable-for-next-line probe/badd\n    fine()", "lintel/unknown-rule"],
      ["    # credo:disable-for-next-line Credo.Check.X\n    fine()", ""],
    ] as const,
    (lines) => rulesFound(on(`defmodule A do\n  def f do\n${lines}\n  end\nend\n`), PATH).join(", "),
  );

  it("name the nearest rule where there is none of the name", () => {
    const session = on("# lintel:disable-for-this-file probe/wrose\ndefmodule A do\nend\n");
    assert.match(
      session.diagnostics(PATH)[0]?.message ?? "",
      /Unknown rule `probe\/wrose`. Did you mean `probe\/worse`\?/,
    );
  });

  it("are reported as unnecessary, at their own place", () => {
    const session = on(
      "# lintel:disable-for-this-file probe/bad, probe/worse\ndefmodule A do\ndef f, do: bad()\nend\n",
    );
    assert.deepEqual(found(session, PATH), ['lintel/unused-suppression "probe/worse"']);
    assert.deepEqual(session.diagnostics(PATH)[0]?.tags, ["unnecessary"]);
  });
});

describe("the fix of an unused comment takes it away", () => {
  const cases: Readonly<Record<string, readonly [before: string, after: string]>> = {
    "a line of its own": ["  # lintel:disable-for-next-line probe/bad -- why\n  def f, do: 1\n", "  def f, do: 1\n"],
    "with its line break in a CRLF file": [
      "  # lintel:disable-for-next-line probe/bad\r\n  def f, do: 1\r\n",
      "  def f, do: 1\r\n",
    ],
    "behind code": ["  def f, do: 1 # lintel:disable-for-next-line probe/bad\n", "  def f, do: 1\n"],
    "behind code in a CRLF file": ["  def f, do: 1 # lintel:disable-for-next-line probe/bad\r\n", "  def f, do: 1\r\n"],
  };
  for (const [name, [before, after]] of Object.entries(cases)) {
    it(name, () => {
      const eol = before.includes("\r\n") ? "\r\n" : "\n";
      const wrap = (inner: string): string => `defmodule A do${eol}${inner}end${eol}`;
      const session = on(wrap(before));
      apply(session, session.fixAll(PATH));
      assert.equal(session.text(PATH), wrap(after));
      assert.deepEqual(found(session, PATH), []);
    });
  }

  it("at the end of a file without a last line break", () => {
    const session = on("defmodule A do\nend\n# lintel:disable-for-this-file probe/bad");
    apply(session, session.fixAll(PATH));
    assert.equal(session.text(PATH)?.trimEnd(), "defmodule A do\nend");
  });
});

describe("in templates", () => {
  const HEEX = "/app/lib/a.html.heex";
  const texts = [
    "<p>\n  <%!-- lintel:disable-for-next-line probe/bad --%>\n  {bad()}\n</p>\n",
    "<p>\n  <%!-- lintel:disable-for-next-line probe/bad -- why --%>\n  {bad()}\n</p>\n",
    "<%!-- lintel:disable-for-this-file probe/bad --%>\n<p>{bad()}</p>\n",
    "<%# lintel:disable-for-next-line probe/bad %>\n<p>{bad()}</p>\n",
  ];
  for (const text of texts) {
    it(`a comment of a .heex file: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(found(on(text, "lib/a.html.heex"), HEEX), []);
    });
    it(`a comment of a ~H sigil: ${JSON.stringify(text)}`, () => {
      const indented = text.replace(/^(?=.)/gm, "    ");
      const file = `defmodule A do\n  def f(assigns) do\n    ~H"""\n${indented}    """\n  end\nend\n`;
      assert.deepEqual(found(on(file), PATH), []);
    });
  }

  const leex = "<p>\n  <%# lintel:disable-for-next-line probe/bad %>\n  <%= bad() %>\n</p>\n";
  it("a comment of a .leex file", () =>
    assert.deepEqual(found(on(leex, "lib/a.html.leex"), "/app/lib/a.html.leex"), []));
  it("a comment of a ~L sigil", () => {
    const file = `defmodule A do\n  def f(assigns) do\n    ~L"""\n${leex}    """\n  end\nend\n`;
    assert.deepEqual(found(on(file), PATH), []);
  });
  it("is none in LEEx where Elixir would read it as code", () => {
    const text = leex.replace("<%#", "<%!--").replace("bad %>", "bad --%>");
    assert.equal(found(on(text, "lib/a.html.leex"), "/app/lib/a.html.leex").length, 1);
  });

  it("an unused one is reported, and its fix takes it away", () => {
    const session = on("<%!-- lintel:disable-for-this-file probe/bad --%>\n<p>{fine()}</p>\n", "lib/a.html.heex");
    assert.deepEqual(rulesFound(session, HEEX), ["lintel/unused-suppression"]);
    apply(session, session.fixAll(HEEX));
    assert.equal(session.text(HEEX), "<p>{fine()}</p>\n");
  });

  it("a keystroke keeps them", () => {
    const session = on("<%!-- lintel:disable-for-this-file probe/bad --%>\n<p>{bad()}</p>\n", "lib/a.html.heex");
    session.edit(HEEX, [{ start: 0, end: 0, text: "x" }]);
    session.refresh();
    assert.deepEqual(rulesFound(session, HEEX), []);
  });
});

it("a comment that names no rule disables nothing, and says so", () => {
  assert.equal(
    shown(`    # lintel:disable-for-next-line -- not today\n${BAD}`),
    'lintel/unknown-rule "# lintel:disable-for-next-line -- not today", probe/bad "bad()"',
  );
});
