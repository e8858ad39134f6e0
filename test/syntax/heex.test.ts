import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Template } from "../../server/src/syntax/ast.ts";
import { show } from "../support/show.ts";
import { allNodes, callOf, lastForm, template } from "../support/syntax.ts";
import { rows } from "../support/table.ts";

describe("Elixir in markup", () => {
  rows(
    [
      ["<p>{@a}</p>", "@a"],
      ["<p>\r\n{@a}\r\n</p>", "@a"],
      ["{@a}{-@b}", "@a; (- @b)"],
      ["{@a}\n{[1]} (x)", "@a; [1]"],
      ["<%= @a %>", "@a"],
      ["<%= @a # why %>\n<%= @b %>", "@a; @b"],
      ["<% x = 1 %>{x}", "(x = 1); x"],
      ["{# why\n@a}", "@a"],
      ["{f(@x) |> g()}", "g(f(@x))"],
      ["hello", ""],
      ["", ""],
    ] as const,
    (text) => show(template(text)),
  );
});

describe("blocks that markup interrupts", () => {
  rows(
    [
      ["<%= for x <- @xs do %><p>{x}</p><% end %>", "for((x <- @xs)) do{x}"],
      ["<%= for x <- @xs do %><%= for y <- x do %>{y}<% end %><% end %>", "for((x <- @xs)) do{for((y <- x)) do{y}}"],
      ["<%= if @a do %>{1}<% else %>{2}<% end %>", "if(@a) do{1} else{2}"],
      ["<%= if @a do %>x<% else %>y<% end %>", "if(@a) do{} else{}"],
      ["<%= f(fn x -> %>{x}<% end) %>", "f(fn{x -> x})"],
      ["<%= case @x do %>\n<% 1 -> %>\n{a}\n<% y -> %>\n{y}\n<% end %>", "case(@x) do{1 -> a; y -> y}"],
      ["<%= case @x do %><% 1 -> %>a<% y -> %>{y}<% end %>", "case(@x) do{1 -> ; y -> y}"],
      ["<%= case @x do %><% 1 -> %><p>a</p><% y -> %>b<% end %>", "case(@x) do{1 -> ; y -> }"],
      ["<%= cond do %><% @a -> %>1<% true -> %>2<% end %>", "cond() do{@a -> ; true -> }"],
      ["<%= with {:ok, x} <- @a do %>{x}<% else %><% _ -> %>n<% end %>", "with(({:ok, x} <- @a)) do{x} else{_ -> }"],
    ] as const,
    (text) => show(template(text)),
  );
});

describe("attributes", () => {
  rows(
    [
      ["<li :for={x <- @xs} :if={x} :key={x.id}>{x}</li>", "(x <- @xs); x; x.id; x"],
      ['<p class={["a", @b && "c"]} id="q" disabled />', '["a", (@b && "c")]'],
      ["<p {@rest} {f()}></p>", "@rest; f()"],
      ['<a href={~p"/x/#{@y}"}>z</a>', "~p(@y)"],
      ["<p title='{@a}'>{@b}</p>", "@b"],
      ['<p title=":key={1}">:key={2}</p>', "2"],
    ] as const,
    (text) => show(template(text)),
  );

  it("of void elements, with their `/` or without, are at their places", () => {
    const text = '<p><input name={@n} id="q"><br><img src={@s} />\n<input value="%{a > b}" disabled></p>';
    const { tags, broken } = template(text);
    assert.equal(broken, false);
    assert.deepEqual(
      tags.map(({ name, start, end, parent }) => [name, text.slice(start, end), parent]),
      [
        ["p", "<p>", -1],
        ["input", '<input name={@n} id="q">', 0],
        ["br", "<br>", 0],
        ["img", "<img src={@s} />", 0],
        ["input", '<input value="%{a > b}" disabled>', 0],
      ],
    );
    assert.deepEqual(
      tags.flatMap(({ attributes }) => attributes.map(({ start, end }) => text.slice(start, end))),
      ["name={@n}", 'id="q"', "src={@s}", 'value="%{a > b}"', "disabled"],
    );
  });

  it("are named as they are written, at their places", () => {
    const text = '<li :for={x <- @xs} :key={x.id} class={[@b]} id="q" disabled></li>';
    const [tag] = template(text).tags;
    assert.ok(tag);
    const seen = tag.attributes.map((a) => [a.name, a.value, a.expression, text.slice(a.start, a.end)]);
    assert.deepEqual(seen, [
      [":for", "x <- @xs", true, ":for={x <- @xs}"],
      [":key", "x.id", true, ":key={x.id}"],
      ["class", "[@b]", true, "class={[@b]}"],
      ["id", "q", false, 'id="q"'],
      ["disabled", null, false, "disabled"],
    ]);
    for (const { value, valueStart } of tag.attributes) {
      if (value !== null) assert.ok(text.startsWith(value, valueStart), value);
    }
  });
});

describe("what is no Elixir", () => {
  rows(
    [
      ["<script>function f() { return {a: 1}; }</script>{@a}", "@a"],
      ["<script>if (a < b && c > d) { e() }</script>{@a}", "@a"],
      ["<script>const html = '<div>' + \"</p>\"</script>{@a}", "@a"],
      ["<script>let x = <%= @x %>;</script>{@a}", "@x; @a"],
      ['<script :type={A} name=".x">let a = {b: 1}</script>', "A"],
      ["<style>.a > .b { color: red }</style>{@a}", "@a"],
      ["<!-- {@x} -->{@a}", "@a"],
      ["<%!-- {@x} <%= y %> --%>{@a}", "@a"],
      ["<%# x %>{@a}", "@a"],
      ["<!DOCTYPE html>\n<html>{@a}</html>", "@a"],
    ] as const,
    (text) => show(template(text)),
  );
});

describe("components and slots", () => {
  const text = '<.card x={1}><:head :let={y}>{y}</:head><A.B.button phx-click="z" /></.card><p><b /></p>';

  it("are tags of their kind, each within that around it", () => {
    const { tags } = template(text);
    const seen = tags.map((tag) => `${tag.kind} ${tag.name} in ${tags[tag.parent]?.name ?? "-"}`);
    assert.deepEqual(seen, [
      "component .card in -",
      "slot head in .card",
      "component A.B.button in .card",
      "html p in -",
      "html b in p",
    ]);
    for (const tag of tags) assert.match(text.slice(tag.start, tag.end), /^<[^<]*>$/);
  });
});

describe("a template that is broken is silent", () => {
  for (const text of ["<p>{@a</p>", "<p>", "</p>", "<%= if @a do %>", "<%= f( %>", "<.a>", "{", "<% end %>"]) {
    it(text, () => {
      const broken = template(text);
      assert.equal(broken.broken, true);
      assert.equal(broken.body.statements.length, 0);
    });
  }
});

describe("a `~H` sigil", () => {
  const cases = [
    'def f(assigns) do\n  ~H"""\n  <p title={a(@b)}>é😀 {c(@d)}</p>\n  """\nend',
    "def f(assigns), do: ~H|<p title={a(@b)}>{c(@d)}</p>|",
    "def f(assigns) do\r\n  ~H'''\r\n  <p title={a(@b)}>\r\n{c(@d)}</p>\r\n  '''\r\nend",
  ];
  for (const text of cases) {
    it(`has its expressions at the offsets of the file: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const { ast } = lastForm(text);
      for (const [name, source] of [
        ["a", "a(@b)"],
        ["c", "c(@d)"],
      ] as const) {
        const call = callOf(ast, name);
        assert.equal(text.slice(call.start, call.end), source);
      }
      const sigil = allNodes(ast).find((node) => node.type === "template") as Template;
      for (const tag of sigil.tags) assert.ok(text.startsWith("<p", tag.start));
      const [attribute] = sigil.tags[0]?.attributes ?? [];
      assert.ok(attribute && text.startsWith("a(@b)", attribute.valueStart));
    });
  }

  it("that is broken leaves the rest of its function alone", () => {
    assert.equal(
      show(lastForm('def f(assigns) do\n  a()\n  ~H"<p>{@x"\nend').ast),
      "def f(assigns) do{a(); ~H(broken)}",
    );
  });
});

describe("what is valid though the grammar does not take it", () => {
  rows(
    [
      ["<td>{@a} -> {@b}</td>", "@a; @b"],
      ["<p>needs ~> 3.7</p>\n>{@a}", "@a"],
      ["<p :if={@a > 1} class={f(%{b: %{c: 1}})}>> {@b}</p>", "(@a > 1); f(%{:b => %{:c => 1}}); @b"],
      ["  <!doctype html>\n<p>{@a}</p>", "@a"],
      ["<._private a={@a}>{@b}</._private>", "@a; @b"],
      ["<pre>&lt;html></pre>{@a}", "@a"],
      ["<.Chart a={@a}><.Bar b={@b} /></.Chart>", "@a; @b"],
      ["<p {@rest} }>{@a}</p>", "@rest; @a"],
      ["<p\n  class={@a}\n  }\n>{@b}</p>", "@a; @b"],
      ['<option value={"#{@a}"} }>In {@b}</option><input a={@c} }>', '"#{@a}"; @b; @c'],
      ['<.icon name="ok" )} a={@a} /><p id="q", class={@b}></p>', "@a; @b"],
      ['<p :if={@a} <p class="x">{@b}</p>', "@a; @b"],
      ["<p>{@a} metrics to sync}</p>", "@a"],
      ['<code>{~S|\\{"a":"|}</code>{@a}', '~S(\\{"a":"); @a'],
      ["<script src={@a} /><p>{@b}</p><script>{c}</script>", "@a; @b"],
      ["<pre phx-no-curly-interpolation>{a: <b id={@a}>1</b>}</pre>{@b}", "@a; @b"],
    ] as const,
    (text) => (template(text).broken ? "broken" : show(template(text))),
  );

  it("keeps names and offsets as they are written", () => {
    const text = '<p {@rest} }><.Chart a={@a} ] b="c">x }</.Chart></p>';
    const { tags, broken } = template(text);
    assert.equal(broken, false);
    assert.deepEqual(
      tags.map(({ name, start, end, attributes }) => [name, text.slice(start, end), attributes.map((a) => a.value)]),
      [
        ["p", "<p {@rest} }>", []],
        [".Chart", '<.Chart a={@a} ] b="c">', ["@a", "c"]],
      ],
    );
  });
});
