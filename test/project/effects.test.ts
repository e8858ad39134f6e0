import { describe } from "node:test";
import { EFFECTS } from "../../server/src/project/effects/effect.ts";
import { effects } from "../../server/src/project/effects/effects.ts";
import { nameOfCall } from "../../server/src/project/effects/witness.ts";
import { projectOn } from "../support/facts.ts";
import { rows } from "../support/table.ts";

/** The effects of the first clause of `A.f`, each with its shortest way: `db-read: B.g/1 > Repo.all/1`. */
function effectsOf(...modules: readonly string[]): string {
  return effectsIn(Object.fromEntries(modules.map((text, i) => [`lib/${i}.ex`, text])));
}

function effectsIn(files: Readonly<Record<string, string>>): string {
  const { project } = projectOn(files);
  const known = project.read(effects);
  const [module] = project.named("A");
  const clause = module?.byName.get("f")?.[0];
  if (!module || !clause) throw new Error("no A.f");
  return EFFECTS.flatMap((effect) => {
    const witness = known.of(module).ofClause(clause, effect);
    return witness ? [`${effect}: ${witness.hops.map((hop) => nameOfCall(hop.call)).join(" > ")}`] : [];
  }).join(", ");
}

describe("what the configuration says", () => {
  const b = "defmodule B do\ndef g(y), do: App.Repo.get(U, y)\nend\n";
  const reads = "defmodule A do\ndef f(x) do\nc = Application.get_env(:a, :c)\nc.g(x)\nend\nend\n";
  rows(
    [
      [{ "config/config.exs": "import Config\nconfig :a, c: B\n" }, "db-read: g/1 > Repo.get/2"],
      [
        { "config/config.exs": "config :a, c: B\n", "config/test.exs": "config :a, c: Mock\n" },
        "db-read: g/1 > Repo.get/2",
      ],
      [{ "config/runtime.exs": "if config_env() == :prod do\nconfig :a, :c, B\nend\n" }, "db-read: g/1 > Repo.get/2"],
      [{ "config/config.exs": "config :a, c: B\n", "config/prod.exs": "config :a, c: Other\n" }, ""],
      [{ "config/config.exs": "config :a, c: B\n", "config/runtime.exs": "config :a, c: chosen()\n" }, ""],
      [{ "config/config.exs": "if Mix.env() == :dev do\nconfig :a, c: B\nend\n" }, ""],
      [{ "config/dev.exs": "config :a, c: B\n" }, ""],
      [{ "config/config.exs": "config :b, c: B\n" }, ""],
    ] as const,
    (files) => effectsIn({ "lib/0.ex": reads, "lib/1.ex": b, ...files }),
  );
});

const a = (body: string, more = ""): string => `defmodule A do\n${more}\ndef f(x) do\n${body}\nend\nend\n`;

describe("what known libraries do", () => {
  rows(
    [
      ["App.Repo.all(x)", "db-read: Repo.all/1"],
      ["App.Repo.insert!(x)", "db-write: Repo.insert!/1"],
      ['App.Repo.query!("select 1")', "db-read: Repo.query!/1"],
      ['App.Repo.query!("delete from a")', "db-write: Repo.query!/1"],
      ['Ecto.Adapters.SQL.query(App.Repo, "with a as (select 1) select * from a")', "db-read: SQL.query/2"],
      ["App.Repo.transaction(multi)", "db-write: Repo.transaction/1"],
      ["App.Repo.transaction(fn -> App.Repo.one(x) end)", "db-read: Repo.one/1"],
      ["Ecto.Multi.run(x, :a, fn repo, _ -> repo.insert(x) end)", "db-write: Repo.insert/1"],
      ["Oban.insert(x)", "db-write: Oban.insert/1"],
      ["Req.get!(x)", "http: Req.get!/1"],
      [":httpc.request(x)", "http: :httpc.request/1"],
      ["GoogleApi.Storage.V1.Api.Objects.storage_objects_list(x)", "http: Objects.storage_objects_list/1"],
      ["GoogleApi.Storage.V1.Connection.new(x)", ""],
      ["GoogleApi.PubSub.V1.Model.Message.decode(x)", ""],
      ["Ethereumex.HttpClient.eth_block_number()", "http: HttpClient.eth_block_number/0"],
      ["Ethereumex.Config.rpc_url()", ""],
      ["Payments.HTTP.Client.charge(x)", "http: Client.charge/1"],
      ["Payments.HTTPClient.new(x)", ""],
      ["Payments.HTTPClient.auth_headers(x)", ""],
      ["Payments.HTTPClientMock.get(x)", ""],
      ["Stripe.Customer.create(x)", "http: Customer.create/1"],
      ["Stripe.Webhook.construct_event(x, y, z)", ""],
      ["ExTwilio.Message.create(x)", "http: Message.create/1"],
      ["ExTwilio.Capability.token(x)", ""],
      ["Goth.Token.fetch(x)", "http: Token.fetch/1"],
      ["Goth.fetch(x)", ""],
      ["App.Mailer.deliver(x)", "mail: Mailer.deliver/1"],
      ["GenServer.call(x, :a)", "process-call: GenServer.call/2"],
      ["GenServer.cast(x, :a)", ""],
      ["Task.await(x)", "process-call: Task.await/1"],
      ["Process.sleep(1)", "sleep: Process.sleep/1"],
      ["File.read!(x)", "file: File.read!/1"],
      ['System.cmd("ls", [])', "os-command: System.cmd/2"],
      ["Phoenix.PubSub.broadcast(P, x, 1)", "broadcast: PubSub.broadcast/3"],
      ["AppWeb.Endpoint.broadcast(x, 1, 2)", "broadcast: Endpoint.broadcast/3"],
      ["spawn(fn -> App.Repo.all(x) end)", "spawn: spawn/1"],
      ["Unknown.thing(x)", ""],
    ] as const,
    (body) => effectsOf(a(body)),
  );
});

describe("who is called", () => {
  const b = "defmodule B do\ndef g(y), do: App.Repo.get(U, y)\ndefp h(y), do: App.Repo.get(U, y)\nend\n";
  const client = (more: string): string =>
    `defmodule Client do\n@callback get(term) :: term\nend\ndefmodule Real do\n@behaviour Client\ndef get(y), do: Req.get(y)\nend\n${more}`;
  rows(
    [
      [[a("B.g(x)"), b], "db-read: B.g/1 > Repo.get/2"],
      [[a("B.h(x)"), b], ""],
      [[a("x |> B.g()"), b], "db-read: B.g/1 > Repo.get/2"],
      [[a("apply(B, :g, [x])"), b], "db-read: B.g/1 > Repo.get/2"],
      [[a("Enum.map(x, &B.g/1)"), b], "db-read: B.g/1 > Repo.get/2"],
      [[a("g(x)", "import B"), b], "db-read: g/1 > Repo.get/2"],
      [[a("C.g(x)", "alias B, as: C"), b], "db-read: B.g/1 > Repo.get/2"],
      [[a("@b.g(x)", "@b B"), b], "db-read: B.g/1 > Repo.get/2"],
      [["defmodule A do\ndefdelegate f(x), to: B, as: :g\nend\n", b], "db-read: B.g/1 > Repo.get/2"],
      [[a("Task.async(fn -> B.g(x) end)"), b], "spawn: Task.async/1"],
      [[a("start_async(x, :a, fn -> B.g(x) end)"), b], ""],
      [[a("fn -> B.g(x) end"), b], ""],
      [
        [a("C.each(fn -> B.g(x) end)"), b, "defmodule C do\ndef each(fun), do: fun.()\nend\n"],
        "db-read: B.g/1 > Repo.get/2",
      ],
      [
        [
          a("C.each(fn -> B.g(x) end)"),
          b,
          "defmodule C do\ndef each(fun), do: D.run(1, fun)\nend\ndefmodule D do\ndef run(_, g), do: Enum.each([1], g)\nend\n",
        ],
        "db-read: B.g/1 > Repo.get/2",
      ],
      [[a("C.keep(fn -> B.g(x) end)"), b, "defmodule C do\ndef keep(fun), do: {:ok, fun}\nend\n"], ""],
      [
        [
          a("g(x)", "use Base"),
          "defmodule Base do\ndefmacro __using__(_) do\nquote do\ndef g(y), do: App.Repo.all(y)\nend\nend\nend\n",
        ],
        "db-read: g/1 > Repo.all/1",
      ],
      [[a("@c.get(x)", "@c Application.compile_env(:a, :c)"), client("")], "http: get/1 > Req.get/1"],
      [[a("c().get(x)", "defp c, do: Application.get_env(:a, :c)"), client("")], "http: get/1 > Req.get/1"],
      [
        [
          a("@c.get(x)", "@c Application.compile_env(:a, :c, B2)"),
          client("defmodule B2 do\n@behaviour Client\ndef get(_), do: 1\nend\n"),
        ],
        "",
      ],
      [
        [
          a("@c.get(x)", "@c Application.compile_env(:a, :c)"),
          client("defmodule B2 do\n@behaviour Client\ndef get(_), do: 1\nend\n"),
        ],
        "",
      ],
      [[a("x.get(1)"), client("")], ""],
      [[a("c = B\nc.g(x)"), b], "db-read: B.g/1 > Repo.get/2"],
      [[a("c = Application.get_env(:a, :c, B)\nc.g(x)"), b], "db-read: g/1 > Repo.get/2"],
      [[a("c = B\nc.g(x)\nc = x\nc.g(x)"), b], ""],
      [[a("c = B\nEnum.map(x, fn c -> c.g(x) end)"), b], ""],
      [[a("c = Application.get_env(:a, :c, B)\nEnum.map(x, fn %{c: c} -> c.g(x) end)"), b], ""],
    ] as const,
    (modules) => effectsOf(...modules),
  );
});

describe("which clause, and the shortest way", () => {
  const b = "defmodule B do\ndef g(:read, y), do: App.Repo.get(U, y)\ndef g(:none, _), do: 1\nend\n";
  rows(
    [
      [[a("B.g(:read, x)"), b], "db-read: B.g/2 > Repo.get/2"],
      [[a("B.g(:none, x)"), b], ""],
      [
        [
          a("B.long(x)\nB.short(x)"),
          "defmodule B do\ndef long(x), do: short(x)\ndef short(x), do: App.Repo.all(x)\nend\n",
        ],
        "db-read: B.short/1 > Repo.all/1",
      ],
      [[a("f(x)\nB.g(x)"), "defmodule B do\ndef g(x), do: A.f(App.Repo.one(x))\nend\n"], "db-read: B.g/1 > Repo.one/1"],
      [
        [a("B.g(x)"), "defmodule B do\ndef g(x, y \\\\ 1)\ndef g(x, y), do: App.Repo.one(x + y)\nend\n"],
        "db-read: B.g/1 > Repo.one/1",
      ],
    ] as const,
    (modules) => effectsOf(...modules),
  );
});

describe("modules of the same name in two apps", () => {
  const run = (path: string): string => {
    const { project } = projectOn({
      [path]: a("B.g(x)"),
      "apps/one/lib/b.ex": "defmodule B do\ndef g(x), do: App.Repo.all(x)\nend\n",
      "apps/two/lib/b.ex": "defmodule B do\ndef g(x), do: Req.get(x)\nend\n",
    });
    const [module] = project.named("A");
    const clause = module?.clauses[0];
    if (!module || !clause) throw new Error("no A.f");
    return EFFECTS.filter((effect) => project.read(effects).of(module).ofClause(clause, effect)).join();
  };
  rows(
    [
      ["apps/one/lib/a.ex", "db-read"],
      ["apps/two/lib/a.ex", "http"],
      ["apps/three/lib/a.ex", ""],
    ] as const,
    run,
  );
});
