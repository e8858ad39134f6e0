import { describe } from "node:test";
import { clauseOf } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const BEFORE = "use Phoenix.LiveComponent\nalias Phoenix.LiveView.JS";

function template(markup: string, head = "def render(assigns)") {
  return clauseOf(`${head} do\n~H"""\n${markup}\n"""\nend`, BEFORE).template;
}

describe("the events that a template sends", () => {
  rows(
    [
      ['<b phx-click="a"></b>', "phx-click a view"],
      ['<b phx-click="a" phx-target={@myself}></b>', "phx-click a self"],
      ['<b phx-click="a" phx-target="#x"></b>', "phx-click a other"],
      ['<b phx-click={"a"}></b>', "phx-click a view"],
      ["<b phx-click={@a}></b>", ""],
      ['<b phx-click={"a-#{@b}"}></b>', ""],
      ['<b phx-click={JS.push("a")}></b>', "push a view"],
      ['<b phx-click={JS.hide() |> JS.push("a")} phx-target={@myself}></b>', "push a self"],
      ['<b phx-click={JS.push("a", target: @myself)}></b>', "push a self"],
      ['<b phx-click={JS.push("a", target: "#x")}></b>', "push a other"],
      ['<b phx-click={JS.push("a", @options)}></b>', "push a other"],
      ['<.b on_cancel={JS.push("a")} />', "push a other"],
      ['<.form for={@f} phx-change="a" phx-submit="b"></.form>', "phx-change a view, phx-submit b view"],
      ['<b phx-value-x="a" phx-hook="B"></b>', ""],
      ['<form phx-submit="a" phx-trigger-action={true}></form>', ""],
      ['<form phx-submit="a" phx-trigger-action={@go}></form>', "phx-submit a view"],
    ],
    (markup) => (template(markup)?.events ?? []).map(({ by, name, target }) => `${by} ${name} ${target}`).join(", "),
  );
});

describe("the fields whose every keystroke is sent", () => {
  rows(
    [
      ['<form phx-change="a"><input type="text"></form>', "a"],
      ['<form phx-change="a"><input><textarea></textarea></form>', "a a"],
      ['<.form for={@f} phx-change="a"><p><input type="email" /></p></.form>', "a"],
      ['<input phx-keyup="a" />', "a"],
      ['<input phx-blur="a" />', ""],
      ['<input phx-keyup="a" phx-key="Enter" />', ""],
      ['<form phx-change="a"><input phx-debounce="1" /></form>', ""],
      ['<form phx-change="a"><input type="radio" /><input type="hidden" /></form>', ""],
      ['<form phx-change="a"></form><input />', ""],
    ],
    (markup) => {
      const facts = template(markup);
      return (facts?.inputs ?? []).map(({ event }) => facts?.events[event]?.name).join(" ");
    },
  );
});

describe("what hands all assigns on", () => {
  rows(
    [
      ["<.a {assigns} />", "spread .a"],
      ["<div {assigns}></div>", "spread div"],
      ["<A.b x={assigns} />", "attribute A.b"],
      ["{Map.get(assigns, :a)}", "call Map.get"],
      ["<p :if={Enum.any?(assigns)}></p>", "call Enum.any?"],
      ["{assigns.a}{assigns[:b]}{f(assigns)}<.a {@rest} />", ""],
      ["<.live_component module={A} {assigns} />", ""],
      ["<p><.live_component module={A} {assigns} /></p>", ""],
    ],
    (markup) => (template(markup)?.wholes ?? []).map(({ how, to }) => `${how} ${to}`).join(", "),
  );
});

describe("whether a function gives a template", () => {
  rows(
    [
      ['def f(a), do: ~H"<p></p>"', true],
      ['def f(assigns) do\nif assigns.a, do: ~H"<p></p>"\nend', true],
      ["def f(assigns), do: g(assigns)", true],
      ["def f(assigns), do: render_slot(assigns.x)", true],
      ["def f(assigns), do: assigns.name", false],
      ["def f(assigns), do: String.upcase(assigns.name)", false],
    ],
    (clause) => clauseOf(clause, BEFORE).template?.renders ?? false,
  );
});
