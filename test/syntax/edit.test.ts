import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileEnv } from "../../server/src/syntax/env.ts";
import type { FileForms } from "../../server/src/syntax/file-forms.ts";
import type { FormSyntax } from "../../server/src/syntax/form-syntax.ts";
import { show } from "../support/show.ts";
import { read, reader } from "../support/syntax.ts";
import { rows } from "../support/table.ts";

const TEXT = `defmodule A do
  alias My.Repo

  # Reads one.
  def one(x) do
    Repo.get(x)
  end

  def two(x), do: Repo.all(x)
  @three 3
end
`;

type File = FileForms<FormSyntax>;

/** Puts `text` in the place of `old`, or before the place of `at` where there is none. */
function change(file: File, old: string, text: string): number | null {
  const start = file.text.indexOf(old);
  assert.ok(start >= 0, old);
  return reader.edit(file, { start, end: start + old.length, text });
}

/** What a file holds, in a form that two files compare by. */
function contents(file: File): unknown {
  return {
    text: file.text,
    modules: file.modules,
    comments: file.comments,
    forms: file.forms.map((form) => ({
      text: file.text.slice(form.start, form.end),
      module: form.module,
      env: form.env.key,
      ast: form.result && show(form.result.ast),
    })),
  };
}

describe("an edit within one form", () => {
  const file = read(TEXT);
  const before = file.forms.map((form) => form.result);
  const index = change(file, "Repo.get(x)", "Repo.one(x)\n    |> f()");

  it("costs that form alone", () => {
    assert.equal(index, 1);
    assert.equal(file.state, "settled");
    file.forms.forEach((form, i) => {
      if (i !== index) assert.equal(form.result, before[i]);
    });
    assert.equal(show(file.forms[1]?.result?.ast ?? null), "def one(x) do{f(My.Repo.one(x))}");
  });

  it("moves what follows, and leaves the file as a fresh reading would", () => {
    assert.deepEqual(contents(file), contents(read(file.text)));
  });
});

describe("an edit says whether one form takes it in", () => {
  rows(
    [
      [["def one", "def one_"], "settled"],
      [["def two(x), do: Repo.all(x)", "def two(x), do: Repo.all(x, 1)"], "settled"],
      [["@three 3", "@three 34"], "outdated"],
      [["alias My.Repo", "alias My.Repos"], "outdated"],
      [["Repo.get(x)", "Repo.get(x"], "broken"],
      [["Repo.get(x)\n  end", "Repo.get(x)\n"], "broken"],
      [["Repo.get(x)", "Repo.get(x)\n  end\n  def new do\n    1"], "outdated"],
      [["Repo.all(x)", "Repo.all(x)\n"], "outdated"],
      [["  # Reads one.\n", ""], "outdated"],
      [["# Reads one.", "# Reads 1."], "outdated"],
      [["\n\n", "\n\n\n"], "outdated"],
      [["defmodule A", "defmodule B"], "outdated"],
      [["def two", "+def two"], "outdated"],
    ] as const,
    ([old, text]) => {
      const file = read(TEXT);
      change(file, old, text);
      return file.state;
    },
  );
});

describe("an edit at the edge of a form, then a reading, is as a fresh reading", () => {
  const pieces = [
    "x",
    " ",
    "\n",
    "# c",
    "\n# c\n",
    "(",
    ")",
    "@a 1\n",
    "end\n",
    "do",
    '"',
    ".",
    "|> f()",
    "\\",
    "\r\n",
    "\uFEFF",
  ];
  const edges = [...new Set(read(TEXT).forms.flatMap((form) => [form.start, form.end]))];
  for (const piece of pieces) {
    it(JSON.stringify(piece), () => {
      for (const at of edges) {
        for (const edit of [
          { start: at, end: at, text: piece },
          { start: at, end: at + 1, text: piece },
          { start: at - 1, end: at, text: piece },
        ]) {
          const file = read(TEXT);
          reader.edit(file, edit);
          const text = `${TEXT.slice(0, edit.start)}${piece}${TEXT.slice(edit.end)}`;
          assert.equal(file.text, text);
          const settled = file.state === "settled" ? file : reader.read(text, fileEnv("code"), file);
          assert.deepEqual(contents(settled), contents(read(text)), `${JSON.stringify(piece)} at ${at}`);
        }
      }
    });
  }
});

describe("comments and blank lines between forms change no form", () => {
  for (const text of ["# a comment\n", "\n", "   \n", "\t# tab\n", "# lintel:disable-for-this-file a/b\n"]) {
    it(JSON.stringify(text), () => {
      const before = read(TEXT);
      const at = TEXT.indexOf("  def two");
      const after = reader.read(TEXT.slice(0, at) + text + TEXT.slice(at), fileEnv("code"), before);
      after.forms.forEach((form, i) => {
        // What changes names is read each time: that is cheap, and its environment is the same.
        if (!form.envAfter) assert.equal(form.result, before.forms[i]?.result);
        assert.equal(form.env.key, before.forms[i]?.env.key);
      });
    });
  }
});

it("a comment within a form leaves its syntax alone", () => {
  const file = read(TEXT);
  const before = show(file.forms[1]?.result?.ast ?? null);
  change(file, "    Repo.get(x)", "    # why\n\n    Repo.get(x)");
  assert.equal(file.state, "settled");
  assert.equal(show(file.forms[1]?.result?.ast ?? null), before);
});

it("a broken form that is mended is as it was", () => {
  const file = read(TEXT);
  change(file, "Repo.get(x)", "Repo.get(x");
  assert.deepEqual([file.state, file.forms[1]?.result], ["broken", null]);
  change(file, "Repo.get(x", "Repo.get(x)");
  assert.equal(file.state, "settled");
  assert.deepEqual(contents(file), contents(read(TEXT)));
});

it("the same text under other names is another form", () => {
  const before = read(TEXT);
  const after = reader.read(TEXT.replace("My.Repo", "Your.Repo"), fileEnv("code"), before);
  assert.equal(show(after.forms[2]?.result?.ast ?? null), "def two(x) do{Your.Repo.all(x)}");
});

describe("a template is edited as a template", () => {
  const shown = (file: File): string => show(file.forms[0]?.result?.ast ?? null);

  it("and its text is no Elixir", () => {
    const file = reader.readTemplate("hello", "heex", fileEnv("code"));
    reader.edit(file, { start: 0, end: 5, text: "Repo.all(x)" });
    assert.deepEqual([file.state, shown(file)], ["settled", ""]);
  });

  it("at the cost of reading it", () => {
    const file = reader.readTemplate("<p>{@a}</p>", "heex", fileEnv("code"));
    reader.edit(file, { start: 5, end: 6, text: "b" });
    assert.deepEqual([file.state, shown(file)], ["settled", "@b"]);
  });

  it("for a fix too", () => {
    const file = reader.readTemplate("<p>{@a}</p>", "heex", fileEnv("code"));
    assert.equal(show(reader.syntaxOf(file, 0)?.ast ?? null), "@a");
  });
});
