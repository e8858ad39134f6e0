import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyEdits } from "../../server/src/base/edit.ts";
import { fix, formRule, nodes } from "../../server/src/lint/rule.ts";
import { attributeOf } from "../../server/src/syntax/markup.ts";
import { sessionOn } from "../support/engine.ts";

/** Offers to write `id={x}` as it should be, and so that the template does not parse. */
const RULE = {
  documentation: "",
  ...formRule({
    id: "heex/probe",
    category: "design",
    severity: "warning",
    since: "0",
    summary: "Each id.",
    query: nodes("template"),
    check(template, cx) {
      for (const tag of template.tags) {
        const id = attributeOf(tag, "id");
        if (!id) continue;
        const write = (title: string, text: string) => fix(title, (source) => [source.replace(source.at, text)]);
        cx.report(id, "an id", { fixes: [write("Right", "id={@y}"), write("Wrong", "id={@y")] });
      }
    },
  }),
};

const HEEX = '<p>ä</p>\n<ul\n  id={@x}\n  class="a"\n></ul>\n';
const SIGIL = `defmodule A do\n  def f(assigns) do\n    ~H"""\n${HEEX.replace(/^(?=.)/gm, "    ")}    """\n  end\nend\n`;

const LEEX = '<p>ä</p>\n<ul\n  id="<%= @x %>"\n  class="a"\n>\n<li></ul>\n';

describe("fixes in LEEx", () => {
  const sigil = `defmodule A do\n  def f(assigns) do\n    ~L"""\n${LEEX.replace(/^(?=.)/gm, "    ")}    """\n  end\nend\n`;
  for (const [name, text] of Object.entries({ "lib/a.html.leex": LEEX, "lib/a.ex": sigil })) {
    const path = `/app/${name}`;
    const session = sessionOn({ [name]: text }, { rules: [RULE] });
    const [diagnostic] = session.diagnostics(path);
    assert.ok(diagnostic);

    it(`${name}: the finding is where the attribute is`, () =>
      assert.equal(text.slice(diagnostic.start, diagnostic.end), 'id="<%= @x %>"'));

    it(`${name}: the light bulb's comment is one that EEx has always known`, () => {
      const actions = session.actions(path, diagnostic).filter(({ title }) => title.startsWith("Disable"));
      assert.ok(actions.length > 0);
      for (const action of actions) {
        const made = action.edits()?.get(path);
        const after = made ? applyEdits(text, made) : "";
        assert.doesNotMatch(after, /<%!--/);
        if (made) assert.deepEqual(sessionOn({ [name]: after }, { rules: [RULE] }).diagnostics(path), []);
      }
    });
  }
});

describe("fixes in templates", () => {
  for (const [name, text] of Object.entries({ "lib/a.html.heex": HEEX, "lib/a.ex": SIGIL })) {
    const path = `/app/${name}`;
    const session = sessionOn({ [name]: text }, { rules: [RULE] });
    const [diagnostic] = session.diagnostics(path);
    assert.ok(diagnostic);
    const edits = (title: string) =>
      session
        .actions(path, diagnostic)
        .find((action) => action.title.startsWith(title))
        ?.edits() ?? null;

    it(`${name}: the finding and the edit are where the attribute is`, () => {
      assert.equal(text.slice(diagnostic.start, diagnostic.end), "id={@x}");
      const made = edits("Right")?.get(path);
      assert.equal(made && applyEdits(text, made), text.replace("{@x}", "{@y}"));
    });

    it(`${name}: a template that would not parse is not offered`, () => assert.equal(edits("Wrong"), null));

    it(`${name}: the light bulb's comment goes where the template takes one, and silences the finding`, () => {
      for (const title of ["Disable `heex/probe` for this line", "Disable `heex/probe` for this file"]) {
        const made = edits(title)?.get(path);
        // Within a tag there is no place for a comment.
        if (!made) assert.match(title, /line/);
        else assert.deepEqual(sessionOn({ [name]: applyEdits(text, made) }, { rules: [RULE] }).diagnostics(path), []);
      }
    });

    it(`${name}: a comment in the template silences it`, () => {
      const one = text.replace(
        /<ul\s+id=\{@x\}\s+class="a"\s+>/,
        "<%!-- lintel:disable-for-next-line heex/probe -- why --%>\n<ul id={@x}>",
      );
      assert.deepEqual(sessionOn({ [name]: one }, { rules: [RULE] }).diagnostics(path), []);
    });
  }
});
