import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Template } from "../../server/src/syntax/ast.ts";
import { tagsAround } from "../../server/src/syntax/markup.ts";
import { show } from "../support/show.ts";
import { allNodes, callOf, lastForm, template } from "../support/syntax.ts";
import { rows } from "../support/table.ts";

const leex = (text: string): Template => template(text, "leex");

describe("the Elixir of LEEx", () => {
  rows(
    [
      ["<p><%= @a %></p>", "@a"],
      ["<p>\r\n<%= @a %>\r\n</p>", "@a"],
      ["<%= @a %><% x = 1 %><%= x %>", "@a; (x = 1); x"],
      ["<p {@b}>{@c} {{ d }}</p>", ""],
      ["<%# @a %><%!-- <%= @b %> --%><%% @c %><%= @d %>", "@d"],
      ["<!-- <%= @a %> --><script>let a = {b: '<%= @b %>'}</script>", "@a; @b"],
      ['<p class="a <%= f("b") %>" <%= g() %>></p>', 'f("b"); g()'],
      ["<%= for x <- @xs do %><p><%= x %></p><% end %>", "for((x <- @xs)) do{x}"],
      ["<%= if @a do %><ul class=a><% else %><ul><% end %></ul>", "if(@a) do{} else{}"],
      ["<%= case @x do %><% 1 -> %>a<% y -> %><%= y %><% end %>", "case(@x) do{1 -> ; y -> y}"],
      ['<%= form_for @c, "#", fn f -> %><%= f.id %><% end %>', 'form_for(@c, "#", fn{f -> f.id})'],
      ["<%= live_component @socket, A.B, id: 1 do %>x<% end %>", "live_component(@socket, A.B, :id => 1) do{}"],
      ["hello", ""],
      ["", ""],
    ] as const,
    (text) => show(leex(text)),
  );
});

describe("the tags of LEEx", () => {
  const seen = (text: string): string[] =>
    leex(text).tags.map(
      (tag, _, tags) => `${tag.name} in ${tags[tag.parent]?.name ?? "-"} to ${text.slice(tag.elementEnd)}|`,
    );

  rows(
    [
      ["<p><b>x</b></p>z", ["p in - to z|", "b in p to </p>z|"]],
      ["<p><br><input value=a /></p>z", ["p in - to z|", "br in p to <input value=a /></p>z|", "input in p to </p>z|"]],
      ["<ul><li>a<li>b</ul>z", ["ul in - to z|", "li in ul to </ul>z|", "li in li to </ul>z|"]],
      ["<p></b></p><i>z", ["p in - to <i>z|", "i in - to |"]],
      ["<%= if @a do %><p class=a><% else %><p><% end %></p>", ["p in - to |", "p in p to |"]],
      ["<style>a > b {}</style><script>'<p>'</script><!-- <p> --> a < b <i></i>", ["i in - to |"]],
      ['<a title="x > y" href=\'<%= f("<b>") %>\'></a>', ["a in - to |"]],
    ] as const,
    seen,
  );

  it("have attributes with an expression, with a text, and with both", () => {
    const text = '<p id="x" class="<%= @a %>" title=\'a <%= @b %>\' data-x=<%= @c %> disabled phx-click="go"></p>';
    const [tag] = leex(text).tags;
    assert.deepEqual(
      tag?.attributes.map(({ name, value, expression }) => [name, value, expression]),
      [
        ["id", "x", false],
        ["class", " @a ", true],
        ["title", null, true],
        ["data-x", " @c ", true],
        ["disabled", null, false],
        ["phx-click", "go", false],
      ],
    );
    for (const { name, value, valueStart, start, end } of tag?.attributes ?? []) {
      if (value !== null) assert.ok(text.startsWith(value, valueStart), name);
      assert.match(text.slice(start, end), /^[\w-]+(?:=(?:"[^"]*"|'[^']*'|<%.*?%>))?$/);
    }
  });

  it("hold what stands between them", () => {
    const read = leex("<div><ul><%= @a %></ul></div>");
    const [node] = read.body.statements;
    assert.deepEqual(node && tagsAround(read, node).map(({ name }) => name), ["ul", "div"]);
  });
});

describe("what stands where in LEEx", () => {
  const text = 'é<p class="<%= f(@a) %>">\n<%= for x <- @xs do %><%= g(x) %><% end %></p>';

  it("in a file", () => {
    for (const node of allNodes(leex(text))) {
      if (node.type === "call") assert.ok(text.slice(node.calleeStart).startsWith(node.name), node.name);
      if (node.type === "attribute") assert.equal(text.slice(node.start, node.end), `@${node.name}`);
    }
  });

  it("in a sigil", () => {
    const { ast, text: form } = lastForm(`defmodule A do\ndef f(assigns) do\n~L"""\n${text}\n"""\nend\nend\n`);
    const call = callOf(ast, "g");
    assert.equal(form.slice(call.start, call.end), "g(x)");
  });
});

describe("LEEx whose Elixir does not parse is silent", () => {
  for (const text of ["<%= if @a do %>", "<%= f( %>", "<% end %>", "<%= ) %><p>"]) {
    it(text, () => {
      const broken = leex(text);
      assert.equal(broken.broken, true);
      assert.equal(broken.body.statements.length, 0);
    });
  }
});

it("LEEx without an end to its tags and quotes is read as far as it goes", () => {
  for (const text of ['<p class="', "<p", "<", "<p title='a>", "</", "<%= @a %", "<!-- <p>", "<script><p>"])
    assert.equal(leex(text).broken, false, text);
});
