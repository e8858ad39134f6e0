import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read } from "../support/syntax.ts";

/** A module whose functions `first` and `last` are whole, with something else between them. */
function around(broken: string): string {
  return `defmodule A do
  use GenServer

  @doc """
  The first.
  """
  def first(x) do
    x
  end

${broken}

  @doc """
  The last.
  """
  @spec last(term()) :: term()
  def last(x) do
    """
    #{x}
    """
  end

  defmodule Inner do
    def inner, do: 1
  end
end

defmodule B do
  def other, do: 1
end
`;
}

function alive(text: string): string[] {
  const file = read(text);
  return file.forms.flatMap((form) => {
    const ast = form.result?.ast;
    return ast?.type === "def" ? [`${file.modules[form.module]?.name}.${ast.name}`] : [];
  });
}

const BREAKS: Readonly<Record<string, string>> = {
  "an `end` is missing": "  def broken(x) do\n    if x do\n      1\n  end",
  "the `end` of a function is missing": "  def broken(x) do\n    1",
  "an `end` too many": "  def broken(x) do\n    1\n    end\n  end",
  "a string is not closed": '  def broken, do: "abc',
  "a string is not closed in a body": '  def broken do\n    "abc\n  end',
  "a charlist is not closed": "  def broken, do: 'abc",
  "a heredoc is not closed": '  @doc """\n  Text of it.\n  def broken, do: 1',
  "a heredoc in a body is not closed": '  def broken do\n    x = """\n    text\n  end',
  "a heredoc of single quotes is not closed": "  def broken do\n    x = '''\n    text\n  end",
  "a template is not closed": '  def broken(assigns) do\n    ~H"""\n    <p>\n  end',
  "a sigil is not closed": "  def broken, do: ~w(a b",
  "a parenthesis is not closed": "  def broken do\n    f(1, 2\n  end",
  "a list is not closed": "  @broken [1, 2",
  "a half-typed call": "  def broken do\n    Repo.\n  end",
  "a half-typed pipe": "  def broken do\n    x |>\n  end",
  "a half-typed definition": "  def ",
  "a lone operator": "  def broken, do: 1 +",
};

describe("a broken form leaves the others alive", () => {
  for (const [name, broken] of Object.entries(BREAKS)) {
    it(name, () => {
      assert.deepEqual(
        alive(around(broken)).filter((def) => def !== "A.broken"),
        ["A.first", "A.last", "A.Inner.inner", "B.other"],
      );
    });
    it(`${name} (CRLF)`, () => {
      assert.deepEqual(
        alive(around(broken).replaceAll("\n", "\r\n")).filter((def) => def !== "A.broken"),
        ["A.first", "A.last", "A.Inner.inner", "B.other"],
      );
    });
  }

  it("when the module itself is not closed", () => {
    assert.deepEqual(alive("defmodule A do\n  def first, do: 1\n\n  def last, do: 2\n"), ["A.first", "A.last"]);
  });

  it("and what stands before it in its heredoc is no form", () => {
    const text = 'defmodule A do\n  @doc """\n  def no, do: 1\n  """\n  def yes, do: 1\n  def broken(, do: 1\nend\n';
    assert.deepEqual(alive(text), ["A.yes"]);
  });

  it("its own facts are not guessed", () => {
    const file = read(around("  def broken(x) do\n    if x do\n      Repo.all(x)\n  end"));
    const form = file.forms.find((candidate) => file.text.startsWith("def broken", candidate.start));
    assert.equal(form?.result, null);
  });
});

describe("texts that hold little", () => {
  for (const text of [
    "",
    "\n",
    "\r\n",
    " \t ",
    "# only a comment",
    "# one\n# two\n",
    "\uFEFF",
    '"just a string"',
    ";",
    "\0",
  ]) {
    it(JSON.stringify(text), () => {
      const file = read(text);
      assert.equal(file.modules.length, 1);
      assert.ok(file.forms.length <= 1);
    });
  }
});

describe("line endings, tabs and byte order marks", () => {
  const text = "defmodule A do\n\tuse GenServer\n\n\tdef one(x) do\n\t\tx\n\tend\nend\n";
  for (const [name, variant] of Object.entries({
    tabs: text,
    CRLF: text.replaceAll("\n", "\r\n"),
    "byte order mark": `\uFEFF${text}`,
    "old Mac lines are one comment": `${text}# a\r# b\r`,
    "no last line break": text.trimEnd(),
  })) {
    it(name, () => {
      assert.deepEqual(alive(variant), ["A.one"]);
      assert.equal(read(variant).clean, true);
    });
  }

  it("a byte order mark with a broken form", () => {
    assert.deepEqual(alive(`\uFEFF${around("  def broken(")}`), ["A.first", "A.last", "A.Inner.inner", "B.other"]);
  });
});
