import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { factsOf } from "../../server/src/facts/form.ts";
import { newSession } from "../support/engine.ts";
import { allNodes, read, template } from "../support/syntax.ts";

const LEVELS = 10_000;
/** Far above what any of these takes, and far below what a quadratic walk would. */
const LIMIT_MS = 20_000;

/** One line of source whose nesting is as deep as that. */
const NESTED: Readonly<Record<string, (levels: number) => string>> = {
  parentheses: (n) => `x = ${"(".repeat(n)}1${")".repeat(n)}`,
  lists: (n) => `x = ${"[".repeat(n)}${"]".repeat(n)}`,
  tuples: (n) => `x = ${"{".repeat(n)}${"}".repeat(n)}`,
  maps: (n) => `x = ${"%{a: ".repeat(n)}1${"}".repeat(n)}`,
  "nested calls": (n) => `${"f(".repeat(n)}${")".repeat(n)}`,
  "calls without parentheses": (n) => `${"f ".repeat(n)}1`,
  "nested blocks": (n) => `${"if x do\n".repeat(n)}${"end\n".repeat(n)}`,
  "nested cases": (n) => `${"case x do\ny -> ".repeat(n)}1${"\nend".repeat(n)}`,
  "nested functions": (n) => `${"fn x -> ".repeat(n)}1${" end".repeat(n)}`,
  "nested `for`s": (n) => `${"for x <- x do\n".repeat(n)}Repo.get(x)${"\nend".repeat(n)}`,
  "nested `Enum.map`s": (n) => `${"Enum.map(x, fn x -> ".repeat(n)}1${" end)".repeat(n)}`,
  "long pipes": (n) => `x${" |> f()".repeat(n)}`,
  "long `<>` chains": (n) => `"a"${' <> "a"'.repeat(n)}`,
  "long sums": (n) => `1${" + 1".repeat(n)}`,
  "unary operators": (n) => `${"not ".repeat(n)}x`,
  fields: (n) => `x${".y".repeat(n)}`,
  "access chains": (n) => `x${"[1]".repeat(n)}`,
  "interpolation within interpolation": (n) => `${'"#{'.repeat(n)}1${'}"'.repeat(n)}`,
};

/** Texts that stand at the top of a file. */
const FILES: Readonly<Record<string, (levels: number) => string>> = {
  "nested modules": (n) => `${"defmodule A do\n".repeat(n)}${"end\n".repeat(n)}`,
  "modules in conditions": (n) => `${"if x do\ndefmodule A do\n".repeat(n)}${"end\nend\n".repeat(n)}`,
  "many modules": (n) => "defmodule A do\nend\n".repeat(n),
  "many functions": (n) => `defmodule A do\n${"  def f(x), do: x\n".repeat(n)}end\n`,
  "an attribute of many levels": (n) => `defmodule A do\n@x ${"[".repeat(n)}${"]".repeat(n)}\ndef f, do: @x\nend`,
  "many imports": (n) => `defmodule A do\n${"import Ecto.Query\n".repeat(n / 10)}def f, do: from(x)\nend`,
};

const BROKEN: Readonly<Record<string, (levels: number) => string>> = {
  "open parentheses": (n) => `x = ${"(".repeat(n)}`,
  "open lists": (n) => `x = ${"[".repeat(n)}`,
  "open blocks": (n) => "if x do\n".repeat(n),
  "open modules": (n) => "defmodule A do\n".repeat(n),
  "open strings": (n) => '"'.repeat(n + 1),
  "open interpolations": (n) => '"#{'.repeat(n),
  "only `end`s": (n) => "end\n".repeat(n),
  "number signs": (n) => "#".repeat(n),
};

const TEMPLATES: Readonly<Record<string, (levels: number) => string>> = {
  "nested tags": (n) => `${"<div>".repeat(n)}{@a}${"</div>".repeat(n)}`,
  "nested components": (n) => `${"<.a>".repeat(n)}{@a}${"</.a>".repeat(n)}`,
  "nested blocks": (n) => `${"<%= if @a do %>".repeat(n)}{@b}${"<% end %>".repeat(n)}`,
  "many expressions": (n) => "{@a}\n".repeat(n),
  "open tags": (n) => "<div>".repeat(n),
  "open scripts": (n) => "<script>".repeat(n),
  "open expressions": (n) => "{".repeat(n),
};

function timed(run: () => void): void {
  const before = performance.now();
  run();
  const took = performance.now() - before;
  assert.ok(took < LIMIT_MS, `took ${Math.round(took)} ms`);
}

/** Reads, lints and edits the text; all of it must end. */
function analyse(path: string, text: string): void {
  const { session, log } = newSession({ all: true });
  session.update(path, text);
  session.settle();
  session.edit(path, [{ start: text.length >> 1, end: text.length >> 1, text: " " }]);
  session.refresh();
  session.settle();
  assert.deepEqual(log, []);
}

describe(`${LEVELS} levels overflow no stack`, () => {
  for (const [name, make] of Object.entries(NESTED)) {
    const text = `defmodule A do\ndef f(x) do\n${make(LEVELS)}\nend\nend\n`;
    it(name, () => {
      timed(() => {
        for (const { result } of read(text).forms) {
          if (!result) continue;
          assert.ok(allNodes(result.ast).length > 0);
          factsOf(result);
        }
        analyse("/app/lib/a.ex", text);
      });
    });
  }
});

describe("nor do files and broken text", () => {
  for (const [name, make] of Object.entries({ ...FILES, ...BROKEN })) {
    it(name, () => timed(() => analyse("/app/lib/a.ex", make(LEVELS))));
  }
});

describe("nor templates", () => {
  for (const [name, make] of Object.entries(TEMPLATES)) {
    it(name, () =>
      timed(() => {
        template(make(LEVELS));
        analyse("/app/lib/a.html.heex", make(LEVELS));
      }),
    );
  }
});
