import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pageComponents } from "../../server/src/project/live/page-components.ts";
import { projectOn } from "../support/facts.ts";

/** The components among `card`, `cell` and `row` that only controllers render. */
function ofPages(files: Readonly<Record<string, string>>): string[] {
  const { project } = projectOn({
    "lib/web/components.ex": `defmodule Web.Components do
  use Phoenix.Component
  def card(assigns), do: ~H"<.cell />"
  def cell(assigns), do: ~H"<p>{@text}</p>"
  def row(assigns), do: ~H"<p><.row /></p>"
end
`,
    ...files,
  });
  const [module] = project.named("Web.Components");
  assert.ok(module);
  return ["card", "cell", "row"].filter((name) => project.read(pageComponents).has(name, module));
}

const page = { "lib/web/controllers/item_html/show.html.heex": "<.card />\n" };

describe("components that only controllers render", () => {
  it("are those of their templates, and what these render", () => {
    assert.deepEqual(ofPages(page), ["card", "cell"]);
    const html = `defmodule Web.ItemHTML do\nuse Phoenix.Component\ndef show(assigns), do: ~H"<.row />"\nend\n`;
    assert.deepEqual(ofPages({ "lib/web/controllers/item_html.ex": html }), ["row"]);
  });

  it("are not those that nobody renders, or a LiveView does", () => {
    assert.deepEqual(ofPages({}), []);
    const live = (markup: string) => ({
      "lib/web/live/a_live.ex": `defmodule Web.ALive do\nuse Phoenix.LiveView\ndef render(assigns), do: ${markup}\nend\n`,
    });
    assert.deepEqual(ofPages({ ...page, ...live('~H"<.cell />"') }), ["card"]);
    const view = "defmodule Web.ItemView do\nuse Phoenix.View\ndef show(assigns), do: render(assigns)\nend\n";
    assert.deepEqual(ofPages({ ...page, ...live('~H"<.card />"'), "lib/web/views/item_view.ex": view }), []);
    assert.deepEqual(ofPages({ ...page, ...live("Web.Components.card(%{text: 1})") }), []);
  });
});
