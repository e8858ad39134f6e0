import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { boundaries } from "../../server/src/project/contexts/boundaries.ts";
import { components, shortestPath } from "../../server/src/project/contexts/components.ts";
import { type Contexts, contexts } from "../../server/src/project/contexts/contexts.ts";
import { projectOn } from "../support/facts.ts";

const REPO = "defmodule App.Repo do\n  use Ecto.Repo, otp_app: :app\nend\n";

function module(name: string, body = ""): string {
  return `defmodule ${name} do\n${body}\nend\n`;
}

const READS = "def all, do: App.Repo.all(1)";

function graph(files: Readonly<Record<string, string>>): Contexts {
  return projectOn({ "lib/repo.ex": REPO, ...files }).project.read(contexts);
}

function kinds(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(graph(files).boundaries.map(({ name, kind }) => [name, kind]));
}

function edges({ edges }: Contexts): string[] {
  return edges.map(({ from, to, places }) => `${from.name} > ${to.name}: ${places.map((p) => p.kind).join()}`);
}

describe("boundaries", () => {
  it("by namespace and by what a namespace does", () => {
    assert.deepEqual(
      kinds({
        "lib/app/a.ex":
          module("App.Orders", READS) +
          module("App.Orders.Line", 'use Ecto.Schema\nschema "lines" do\nend') +
          module("App.Country", 'use Ecto.Schema\nschema "countries" do\nend') +
          module("App.Clock", "def now, do: 1") +
          module("App.Workers.Ship", `use Oban.Worker\n${READS}`) +
          module("App.Server", `use GenServer\n${READS}`) +
          module("App.Mailer", "def send, do: 1") +
          module("App.Stock.Levels", READS) +
          module("App.Stock.Count", "def one, do: 1") +
          module("App.Operations.Take", READS) +
          module("Other.Thing", READS) +
          module("App", READS),
        "lib/app_web/b.ex": module("AppWeb.Page", READS),
        "lib/app_admin/c.ex": module("AppAdmin.Page", "use Phoenix.LiveView"),
        "lib/app/live.ex": module("App.Board", "use Phoenix.LiveView"),
        "test/support/d.ex": module("App.Fixtures", READS),
      }),
      {
        "App.Clock": "support",
        "App.Country": "schema",
        "App.Mailer": "infrastructure",
        "App.Operations": "services",
        "App.Orders": "context",
        "App.Repo": "infrastructure",
        "App.Server": "support",
        "App.Stock": "context",
        "App.Workers": "support",
        AppAdmin: "web",
        AppWeb: "web",
      },
    );
  });

  it("none without a repository", () => {
    const { project } = projectOn({ "lib/a.ex": module("App.Orders", READS) });
    assert.deepEqual(project.read(boundaries).all, []);
  });

  it("of an application whose own name ends in Web, as old ones do", () => {
    const { project } = projectOn({
      "web/models/user.ex":
        module("OldWeb.Repo", "use Ecto.Repo") + module("OldWeb.Users", "def all, do: OldWeb.Repo.all(1)"),
      "web/controllers/page.ex": module("OldWeb.Page", "def all, do: OldWeb.Repo.all(1)"),
    });
    const all = project.read(boundaries).all.map(({ name, kind }) => `${name} ${kind}`);
    assert.deepEqual(all, ["OldWeb web", "OldWeb.Repo infrastructure", "OldWeb.Users context"]);
  });

  it("of each app of an umbrella", () => {
    const { project } = projectOn({
      "apps/a/lib/a.ex": module("A.Repo", "use Ecto.Repo") + module("A.Orders", "def all, do: A.Repo.all(1)"),
      "apps/b/lib/b.ex":
        module("Acme.B.Repo", "use Ecto.Repo") + module("Acme.B.Stock", "def all, do: Acme.B.Repo.all(1)"),
    });
    const names = project.read(boundaries).all.flatMap(({ name, kind }) => (kind === "context" ? [name] : []));
    assert.deepEqual(names, ["A.Orders", "Acme.B.Stock"]);
  });
});

describe("dependencies", () => {
  const files = {
    "lib/orders.ex":
      module(
        "App.Orders",
        `import App.Stock\n${READS}\ndef f(x), do: App.Stock.take(%App.Stock.Item{id: x})\ndefdelegate g(x), to: App.Stock`,
      ) + module("App.Orders.Order", 'use Ecto.Schema\nschema "orders" do\nbelongs_to :item, App.Stock.Item\nend'),
    "lib/stock.ex":
      module(
        "App.Stock",
        `${READS}\ndef take(%App.Stock.Item{} = x), do: x\ndef h(%App.Orders.Order{}), do: App.Repo.delete(App.Orders.Order)`,
      ) + module("App.Stock.Item", "defstruct [:id]"),
  };

  it("by kind", () => {
    assert.deepEqual(
      edges(graph(files)).filter((edge) => !edge.includes("Repo")),
      ["App.Orders > App.Stock: compile,call,struct,call,association", "App.Stock > App.Orders: write,match"],
    );
  });

  it("coupling and cycles count what binds", () => {
    const one = graph(files);
    assert.deepEqual(one.cycles, []);
    const orders = one.of("App.Orders.Order");
    assert.ok(orders);
    assert.deepEqual(one.coupling(orders), { afferent: 0, efferent: 1, instability: 1 });
    const back = files["lib/stock.ex"].replace("def h(", "def i, do: App.Orders.all()\ndef h(");
    const two = graph({ ...files, "lib/stock.ex": back });
    assert.deepEqual(
      two.cycles.map((cycle) => cycle.map(({ name }) => name)),
      [["App.Orders", "App.Stock"]],
    );
  });

  it("the value stays when an edit changes no edge", () => {
    const session = projectOn({ "lib/repo.ex": REPO, ...files });
    const before = session.project.read(contexts);
    session.update("/app/lib/orders.ex", files["lib/orders.ex"].replace("def f(x), do:", "def f(x) when x > 0, do:"));
    session.refresh(true);
    assert.equal(session.project.read(contexts), before);
    session.update("/app/lib/orders.ex", files["lib/orders.ex"].replace("App.Stock.take(", "App.Stock.give("));
    session.refresh(true);
    assert.notEqual(session.project.read(contexts), before);
  });
});

describe("strongly connected components", () => {
  const of = (text: string): string => {
    const edges = text.split(" ").map((edge) => edge.split(">") as [string, string]);
    const nodes = [...new Set(edges.flat())].sort();
    const next = (node: string): string[] => edges.flatMap(([from, to]) => (from === node ? [to] : []));
    return components(nodes, next)
      .map((component) => component.join(""))
      .sort()
      .join();
  };
  for (const [text, expected] of [
    ["a>b b>c", ""],
    ["a>b b>a", "ab"],
    ["a>b b>c c>a c>d", "abc"],
    ["a>b b>a c>d d>c b>c", "ab,cd"],
    ["a>b b>c c>d d>b a>c", "bcd"],
    ["a>b b>c c>a c>d d>e e>d e>f f>d", "abc,def"],
  ] as const) {
    it(text, () => assert.equal(of(text), expected));
  }

  it("a chain of a hundred thousand", () => {
    const nodes = Array.from({ length: 100_000 }, (_, i) => String(i));
    const next = (node: string): string[] => [String((Number(node) + 1) % nodes.length)];
    assert.equal(components(nodes, next)[0]?.length, nodes.length);
  });

  it("the shortest way", () => {
    const next = (node: string): string[] => ({ a: ["b", "c"], b: ["d"], c: ["d"], d: ["a"] })[node] ?? [];
    assert.deepEqual(shortestPath("a", "d", next), ["a", "b", "d"]);
    assert.equal(shortestPath("a", "x", next), null);
  });
});
