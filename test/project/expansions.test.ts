import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ModuleFacts } from "../../server/src/facts/facts.ts";
import { nameOf, projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

const PAGE = "defmodule AppWeb.Page do\nuse AppWeb, :live_view\ndef f(x), do: assign(x, 1)\nend\n";

/** A module of the project after its macros were followed. */
function moduleNamed(name: string, files: Readonly<Record<string, string>>): ModuleFacts {
  const [module] = projectOn(files).project.named(name);
  assert.ok(module, name);
  return module;
}

/** What `AppWeb.Page` uses when `AppWeb` holds the source. */
function usesWith(web: string, page = PAGE): string {
  const { uses } = moduleNamed("AppWeb.Page", {
    "lib/page.ex": page,
    "lib/web.ex": `defmodule AppWeb do\n${web}\nend\n`,
  });
  return uses
    .slice(1)
    .map((use) => (use.argument ? `${use.module}:${use.argument}` : use.module))
    .join(" ");
}

const DISPATCH = "defmacro __using__(which) when is_atom(which), do: apply(__MODULE__, which, [])";

describe("`use AppWeb, :live_view` as Phoenix writes it", () => {
  rows(
    [
      // 1.8 and 1.7
      [
        `def live_view do\nquote do\nuse Phoenix.LiveView\nunquote(html_helpers())\nend\nend
defp html_helpers do\nquote do\nuse Gettext, backend: AppWeb.Gettext\nimport Phoenix.HTML\nend\nend\n${DISPATCH}`,
        "Phoenix.LiveView Gettext",
      ],
      // 1.2: a macro of the same module, by its full name
      [
        `def live_view do\nquote do\nuse Phoenix.LiveView\nAppWeb.shared\nend\nend
defmacro shared do\nquote do\nuse Phoenix.HTML\nend\nend\n${DISPATCH}`,
        "Phoenix.LiveView Phoenix.HTML",
      ],
      // 1.6
      [
        `def live_view do\nquote do\nuse Phoenix.LiveView,\nlayout: {AppWeb.LayoutView, "live.html"}\nunquote(view_helpers())\nend\nend
defp view_helpers do\nquote do\nuse Phoenix.HTML\nend\nend
@doc """
When used, dispatch to the appropriate controller/view/etc.
"""
defmacro __using__(which) when is_atom(which) do\napply(__MODULE__, which, [])\nend`,
        "Phoenix.LiveView Phoenix.HTML",
      ],
      ["defmacro __using__(:live_view) do\nquote do\nuse Phoenix.LiveView\nend\nend", "Phoenix.LiveView"],
      [
        "defmacro __using__(:controller), do: quote(do: use(Phoenix.Controller))\ndefmacro __using__(:live_view), do: quote(do: use(Phoenix.LiveView))",
        "Phoenix.LiveView",
      ],
      ["defmacro __using__(_opts) do\nquote location: :keep do\nuse Phoenix.LiveView\nend\nend", "Phoenix.LiveView"],
      [`def live_view, do: quote(do: use Phoenix.LiveView)\n${DISPATCH}`, "Phoenix.LiveView"],
      [`def live_view do\nuses = 1\nquote do\nuse Phoenix.LiveView\nend\nend\n${DISPATCH}`, "Phoenix.LiveView"],
      [
        `def live_view(opts \\\\ []) do\nquote do\nuse Phoenix.LiveView, unquote(opts)\nend\nend\n${DISPATCH}`,
        "Phoenix.LiveView",
      ],
      [`def controller do\nquote do\nuse Phoenix.Controller\nend\nend\n${DISPATCH}`, ""],
      [
        `def live_view do\nquote do\nuse AppWeb, :base\nend\nend\ndef base do\nquote do\nuse Phoenix.LiveView\nend\nend\n${DISPATCH}`,
        "Phoenix.LiveView",
      ],
      ["def other, do: 1", "Phoenix.LiveView"],
    ] as const,
    (web) => usesWith(web),
  );

  it("holds where the macro is not in the workspace", () => {
    const { uses } = moduleNamed("AppWeb.Page", { "lib/page.ex": PAGE });
    assert.deepEqual(
      uses.map((use) => use.module),
      ["AppWeb", "Phoenix.LiveView"],
    );
  });
});

describe("what the quote imports and aliases is in force", () => {
  const web = (quoted: string): string =>
    `defmodule AppWeb do\ndef live_view do\nquote do\n${quoted}\nend\nend\n${DISPATCH}\nend\n`;
  const calls = (quoted: string, body: string): string => {
    const page = `defmodule AppWeb.Page do\nuse AppWeb, :live_view\ndef f(x) do\n${body}\nend\nend\n`;
    const module = moduleNamed("AppWeb.Page", { "lib/page.ex": page, "lib/web.ex": web(quoted) });
    return module.clauses.flatMap((clause) => clause.calls.map(nameOf)).join(" ");
  };
  rows(
    [
      ["import Plug.Conn", "put_session(x, 1, 2)", "Plug.Conn.put_session/3"],
      ["alias My.Deep.Thing", "Thing.go(x)", "My.Deep.Thing.go/1"],
      ["alias My.Deep.Thing, as: T", "T.go(x)", "My.Deep.Thing.go/1"],
      ["alias My.{Deep, Flat}", "Flat.go(x)", "My.Flat.go/1"],
      [
        "use Phoenix.LiveView\nimport Phoenix.Controller, only: [get_csrf_token: 0]",
        "put_flash(x, 1, 2)",
        "Phoenix.LiveView.put_flash/3",
      ],
      [
        "use Phoenix.LiveView\nimport Phoenix.Controller, only: [get_csrf_token: 0]",
        "get_csrf_token()",
        "Phoenix.Controller.get_csrf_token/0",
      ],
      [
        "import Phoenix.Controller, except: [put_flash: 3]\nimport Mine, only: [go: 1]",
        "put_flash(go(x), 1, 2)",
        "Mine.go/1 put_flash/3",
      ],
    ].map(([quoted, body, shown]) => [[quoted, body], shown] as const),
    ([quoted, body]) => calls(quoted as string, body as string),
  );
});

describe("wrappers of libraries", () => {
  it("a schema behind `use My.Schema`", () => {
    const module = moduleNamed("My.User", {
      "lib/user.ex": 'defmodule My.User do\nuse My.Schema\nschema "users" do\nfield :name\nend\nend\n',
      "lib/schema.ex":
        "defmodule My.Schema do\ndefmacro __using__(_) do\nquote do\nuse Ecto.Schema\nimport Ecto.Changeset\n@primary_key {:id, :binary_id, autogenerate: true}\nend\nend\nend\n",
    });
    assert.deepEqual(
      module.uses.map((use) => use.module),
      ["My.Schema", "Ecto.Schema"],
    );
    assert.equal(module.schema?.source, "users");
    assert.ok(module.imports.includes("Ecto.Changeset"));
  });

  it("a wrapper of a wrapper, whatever the order of the files", () => {
    const files = {
      "lib/a.ex": "defmodule A do\nuse B\nend",
      "lib/b.ex": "defmodule B do\ndefmacro __using__(_), do: quote(do: use(C))\nend",
      "lib/c.ex": "defmodule C do\ndefmacro __using__(_), do: quote(do: use(GenServer))\nend",
    };
    const seen = [files, Object.fromEntries(Object.entries(files).reverse())].map((all) =>
      moduleNamed("A", all).uses.map((use) => use.module),
    );
    assert.deepEqual(seen, [
      ["B", "C", "GenServer"],
      ["B", "C", "GenServer"],
    ]);
  });

  it("a wrapper that changes changes those that use it", () => {
    const project = projectOn({
      "lib/a.ex": "defmodule A do\nuse B\nend",
      "lib/b.ex": "defmodule B do\ndefmacro __using__(_), do: quote(do: use(GenServer))\nend",
    });
    const uses = (): (string | undefined)[] => project.project.named("A")[0]?.uses.map((use) => use.module) ?? [];
    project.update("/app/lib/b.ex", "defmodule B do\ndefmacro __using__(_), do: quote(do: use(Agent))\nend");
    project.refresh(true);
    assert.deepEqual(uses(), ["B", "Agent"]);
    project.remove("/app/lib/b.ex");
    project.refresh(true);
    assert.deepEqual(uses(), ["B"]);
  });
});

describe("cycles of `use` end", () => {
  const using = (module: string, used: readonly string[]): string =>
    `defmodule ${module} do\ndefmacro __using__(_) do\nquote do\n${used.map((name) => `use ${name}`).join("\n")}\nend\nend\nend\n`;

  it("of one module", () => {
    const module = moduleNamed("P", {
      "lib/a.ex": using("A", ["A", "GenServer"]),
      "lib/p.ex": "defmodule P do\nuse A\nend",
    });
    assert.deepEqual(
      module.uses.map((use) => use.module),
      ["A", "GenServer"],
    );
  });

  it("of many modules that all use each other", () => {
    const names = Array.from({ length: 12 }, (_, i) => `A${i}`);
    const files = Object.fromEntries(names.map((name) => [`lib/${name}.ex`, using(name, [...names, "GenServer"])]));
    const before = performance.now();
    const module = moduleNamed("P", { ...files, "lib/p.ex": "defmodule P do\nuse A0\nend" });
    assert.ok(performance.now() - before < 5000, "takes too long");
    assert.deepEqual([...new Set(module.uses.map((use) => use.module))].sort(), [...names, "GenServer"].sort());
  });

  it("of helpers that splice each other", () => {
    const names = Array.from({ length: 12 }, (_, i) => `h${i}`);
    const splice = names.map((name) => `unquote(${name}())`).join("\n");
    const helpers = names.map((name) => `def ${name} do\nquote do\nuse GenServer\n${splice}\nend\nend`).join("\n");
    const before = performance.now();
    const uses = usesWith(`${helpers}\ndefmacro __using__(_) do\nquote do\n${splice}\nend\nend`);
    assert.ok(performance.now() - before < 5000, "takes too long");
    assert.equal([...new Set(uses.split(" "))].join(), "GenServer");
  });
});
