import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { root } from "../support/engine.ts";

const folder = mkdtempSync(join(tmpdir(), "lintel-cli-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function lintel(...args: string[]) {
  const cli = join(root, "server/out/main-cli.cjs");
  return spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
  });
}

let projects = 0;
function project(files: Readonly<Record<string, string>>): string {
  const dir = join(folder, `project${projects++}`);
  for (const [path, text] of Object.entries({ "mix.exs": "defmodule P.MixProject do\nend\n", ...files })) {
    mkdirSync(join(dir, path, ".."), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const BAD = `defmodule P.Orders do
  import Ecto.Query
  alias P.Repo

  def open, do: Repo.all(from(o in "orders", where: o.closed_at == nil))
  def full, do: Order |> Repo.all() |> Enum.map(&Repo.preload(&1, :items))
end
`;

describe("lintel check", () => {
  it("gives status 0 and says so when nothing is found", () => {
    const run = lintel("check", project({ "lib/a.ex": "defmodule P.A do\nend\n" }));
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /^No findings in 2 files/);
  });

  it("prints place, source line, underline, rule and fix, and gives status 1", () => {
    const run = lintel("check", project({ "lib/p/orders.ex": BAD }));
    assert.equal(run.status, 1, run.stderr);
    assert.match(run.stdout, /^lib\/p\/orders\.ex:5:53: error: .*\[ecto\/nil-comparison\]$/m);
    assert.match(run.stdout, /^ 5 \| {3}def open/m);
    assert.match(run.stdout, /^ {3}\| {53}\^{18}$/m);
    assert.match(run.stdout, /= fix: Replace with `is_nil\(o\.closed_at\)`/);
    assert.match(run.stdout, /2 findings in 2 files, 2 of them fixable/);
  });

  it("prints JSON of the documented shape, paths relative to the folder", () => {
    const dir = project({ "lib/p/orders.ex": BAD, "lib/bad.ex": "\u0000\u0001" });
    const report = JSON.parse(lintel("check", dir, "--format", "json").stdout);
    assert.deepEqual(Object.keys(report), ["findings", "files", "milliseconds", "skipped"]);
    const [first] = report.findings;
    const { message, ...rest } = first;
    assert.match(message, /nil/);
    assert.deepEqual(rest, {
      path: "lib/p/orders.ex",
      line: 5,
      column: 53,
      endLine: 5,
      endColumn: 71,
      rule: "ecto/nil-comparison",
      severity: "error",
      related: [],
      fixable: true,
    });
    assert.deepEqual(report.skipped, [{ path: join(dir, "lib/bad.ex"), reason: "binary" }]);
  });

  it("prints SARIF with the rules that fired", () => {
    const log = JSON.parse(lintel("check", project({ "lib/p/orders.ex": BAD }), "--format", "sarif").stdout);
    assert.equal(log.version, "2.1.0");
    const [run] = log.runs;
    assert.deepEqual(
      run.tool.driver.rules.map((rule: { id: string }) => rule.id),
      ["ecto/nil-comparison", "ecto/preload-in-loop"],
    );
    assert.equal(run.results[0].locations[0].physicalLocation.region.startLine, 5);
    assert.equal(run.results[1].ruleIndex, 1);
  });

  it("prints workflow commands for GitHub", () => {
    const run = lintel("check", project({ "lib/p/orders.ex": BAD }), "--format", "github");
    assert.match(
      run.stdout,
      /^::error file=lib\/p\/orders\.ex,line=5,endLine=5,col=53,endColumn=71,title=ecto\/nil-comparison::/m,
    );
  });

  it("looks at one rule, at a least severity, at one file", () => {
    const dir = project({ "lib/p/orders.ex": BAD, "lib/q.ex": BAD.replace("P.Orders", "P.Q") });
    const rules = (...args: string[]): string[] =>
      JSON.parse(lintel("check", ...args, "--format", "json").stdout).findings.map((f: { rule: string }) => f.rule);
    assert.deepEqual(rules(dir, "--rule", "ecto/preload-in-loop"), ["ecto/preload-in-loop", "ecto/preload-in-loop"]);
    assert.deepEqual(rules(dir, "--severity", "error"), ["ecto/nil-comparison", "ecto/nil-comparison"]);
    assert.deepEqual(rules(join(dir, "lib/q.ex")), ["ecto/nil-comparison", "ecto/preload-in-loop"]);
  });

  it("looks by the rules that are off when asked to, but not by those that the project has switched off", () => {
    const pid = `defmodule P.Pid do\n  use GenServer\n  def init(arg), do: {:ok, arg}\n  def handle_info(:tick, s), do: {:noreply, s}\nend\n`;
    const files = { "lib/p.ex": pid };
    const silent = lintel("check", project(files)).stdout;
    assert.doesNotMatch(silent, /otp\/no-catch-all-handle-info/);
    assert.match(lintel("check", project(files), "--opt-in").stdout, /otp\/no-catch-all-handle-info/);
    const off = { ...files, ".lintel.json": '{ "rules": { "otp/no-catch-all-handle-info": "off" } }' };
    assert.doesNotMatch(lintel("check", project(off), "--opt-in").stdout, /otp\/no-catch-all-handle-info/);
  });

  it("gives status 2 for wrong usage, and says what is wrong", () => {
    const unknown = lintel("check", folder, "--rule", "ecto/nil-comparisons");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /Unknown rule `ecto\/nil-comparisons`\. Did you mean `ecto\/nil-comparison`\?/);
    assert.equal(lintel("check", join(folder, "nowhere")).status, 2);
    assert.equal(lintel("check", "--nonsense").status, 2);
    assert.equal(lintel("check", "--format", "xml").status, 2);
  });

  it("names a broken configuration, gives status 2, and still prints findings", () => {
    const run = lintel(
      "check",
      project({ "lib/p/orders.ex": BAD, ".lintel.json": '{ "rules": { "ecto/nope": "off" ' }),
    );
    assert.equal(run.status, 2);
    assert.match(run.stderr, /\.lintel\.json:1:\d+: .*not valid JSON/);
    assert.match(run.stderr, /Unknown rule `ecto\/nope`/);
    assert.match(run.stdout, /ecto\/nil-comparison/);
  });

  it("obeys the configuration: severities, off, exclude", () => {
    const config = { rules: { "ecto/nil-comparison": "off", "ecto/preload-in-loop": "hint" }, exclude: ["lib/old/**"] };
    const dir = project({ "lib/p/orders.ex": BAD, "lib/old/a.ex": BAD, ".lintel.json": JSON.stringify(config) });
    const run = lintel("check", dir);
    assert.match(run.stdout, /hint: .*preload-in-loop/);
    assert.equal(run.status, 0, "hints fail no build");
    assert.equal(lintel("check", dir, "--severity", "hint").status, 1, "unless that is asked for");
    assert.doesNotMatch(lintel("check", dir, "--severity", "information").stdout, /preload-in-loop/);
  });

  it("skips what it cannot read, with the reason, and survives symlink loops", () => {
    const dir = project({ "lib/p/orders.ex": BAD, "lib/latin1.ex": "", "lib/big.ex": "" });
    writeFileSync(join(dir, "lib/latin1.ex"), Buffer.from([0x23, 0xe9, 0x0a]));
    writeFileSync(join(dir, "lib/big.ex"), Buffer.alloc(10 * 1024 * 1024, "# x\n"));
    symlinkSync(dir, join(dir, "lib/loop"));
    writeFileSync(join(dir, "lib/secret.ex"), "defmodule S do\nend\n");
    chmodSync(join(dir, "lib/secret.ex"), 0o000);
    const report = JSON.parse(lintel("check", dir, "--format", "json").stdout);
    const reasons = Object.fromEntries(
      report.skipped.map(({ path, reason }: { path: string; reason: string }) => [path.split("/").at(-1), reason]),
    );
    assert.match(reasons["latin1.ex"], /UTF-8/);
    assert.match(reasons["big.ex"], /larger than 4 MB \(10\.0 MB\)/);
    // The superuser reads everything.
    if (process.getuid?.() !== 0) assert.match(reasons["secret.ex"], /permission/);
    assert.equal(report.findings.length, 2);
  });

  it("reads a folder without mix.exs, and an empty one", () => {
    const dir = join(folder, "plain");
    mkdirSync(dir);
    assert.equal(lintel("check", dir).status, 0);
    writeFileSync(join(dir, "a.ex"), BAD);
    assert.equal(lintel("check", dir).status, 1);
  });

  it("prints the time per rule when asked", () => {
    assert.match(
      lintel("check", project({ "lib/p/orders.ex": BAD }), "--timing").stderr,
      /\d ms {2}ecto\/nil-comparison/,
    );
  });

  it("finds each of the twelve anti-patterns of the sample shop once, where EXPECTED.md says, and nothing else", () => {
    const shop = join(root, "test/fixtures/shop");
    const expected = [
      ...readFileSync(join(shop, "EXPECTED.md"), "utf8").matchAll(/^\| `([a-z]+\/[\w-]+)` \| `([^`]+)` \| (\d+) \|/gm),
    ]
      .map(([, rule, path, line]) => `${path}:${line} ${rule}`)
      .sort();
    assert.equal(expected.length, 12);
    const report = JSON.parse(lintel("check", shop, "--format", "json").stdout);
    const actual = report.findings
      .map((f: { path: string; line: number; rule: string }) => `${f.path}:${f.line} ${f.rule}`)
      .sort();
    assert.deepEqual(actual, expected);
  });
});

describe("lintel fix", () => {
  it("applies fixes, after which the check is clean of them; --dry-run writes nothing", () => {
    const dir = project({ "lib/p/orders.ex": BAD });
    const path = join(dir, "lib/p/orders.ex");
    const dry = lintel("fix", "--dry-run", dir);
    assert.match(dry.stdout, /^-.*== nil/m);
    assert.match(dry.stdout, /^\+.*is_nil\(o\.closed_at\)/m);
    assert.equal(readFileSync(path, "utf8"), BAD);
    const run = lintel("fix", dir);
    assert.equal(run.status, 0, run.stderr);
    assert.match(readFileSync(path, "utf8"), /Order \|> Repo\.all\(\) \|> Repo\.preload\(:items\)/);
    assert.equal(lintel("check", dir).status, 0);
    assert.match(lintel("fix", dir).stdout, /Nothing to fix/);
  });

  it("changes nothing but the fixed places of the shop", () => {
    const dir = join(folder, "shop");
    cpSync(join(root, "test/fixtures/shop"), dir, { recursive: true });
    const before = readFileSync(join(dir, "lib/shop/orders.ex"), "utf8").split("\n");
    lintel("fix", dir);
    const now = readFileSync(join(dir, "lib/shop/orders.ex"), "utf8").split("\n");
    assert.equal(before.filter((line, i) => line !== now[i]).length, 2);
  });
});

describe("lintel baseline, explain, rules", () => {
  it("hides what the baseline records, until it is told not to", () => {
    const dir = project({ "lib/p/orders.ex": BAD });
    assert.equal(lintel("baseline", dir).status, 0);
    assert.equal(lintel("check", dir).status, 0);
    assert.equal(lintel("check", dir, "--no-baseline").status, 1);
    writeFileSync(join(dir, "lib/p/orders.ex"), BAD.replace("  def open", "  # moved\n\n  def open"));
    assert.equal(lintel("check", dir).status, 0);
    writeFileSync(join(dir, "lib/p/new.ex"), BAD.replace("P.Orders", "P.New"));
    assert.equal(JSON.parse(lintel("check", dir, "--format", "json").stdout).findings.length, 2);
  });

  it("explains a rule and lists all", () => {
    assert.match(lintel("explain", "ecto/n-plus-one-query").stdout, /^# ecto\/n-plus-one-query\n/);
    const unknown = lintel("explain", "n-plus-one");
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /Did you mean `ecto\/n-plus-one-query`/);
    const rules = JSON.parse(lintel("rules", "--format", "json").stdout);
    assert.ok(rules.length >= 12);
    assert.deepEqual(Object.keys(rules[0]), ["id", "category", "severity", "default", "since", "summary"]);
  });
});

describe("lintel graph", () => {
  const shop = join(root, "test/fixtures/shop");

  it("prints the supervision tree in order, with strategies", () => {
    const graph = JSON.parse(lintel("graph", "supervision", shop, "--format", "json").stdout);
    const top = graph.nodes.find((node: { id: string }) => node.id === "Shop.Application");
    assert.equal(top.details.strategy, "one_for_one");
    const children = graph.edges
      .filter((edge: { from: string }) => edge.from === "Shop.Inventory.Supervisor")
      .sort((a: { label: string }, b: { label: string }) => Number(a.label) - Number(b.label))
      .map((edge: { to: string }) => edge.to);
    assert.deepEqual(children, ["Shop.Inventory.StockCache", "Shop.Inventory.Reservations"]);
  });

  it("prints contexts with their coupling, and what ties them by kind", () => {
    const graph = JSON.parse(lintel("graph", "contexts", shop, "--format", "json").stdout);
    const orders = graph.nodes.find((node: { id: string }) => node.id === "Shop.Orders");
    assert.deepEqual([orders.kind, orders.details.Ce], ["context", 1]);
    const ties = graph.edges.filter(
      (e: { from: string; to: string }) => e.from === "Shop.Orders" && e.to === "Shop.Catalog",
    );
    assert.deepEqual(ties.map((e: { kind: string }) => e.kind).sort(), ["association", "call"]);
  });

  it("prints the shortest way to each effect of a module", () => {
    const graph = JSON.parse(
      lintel("graph", "effects", shop, "--focus", "ShopWeb.CartLive", "--format", "json").stdout,
    );
    const ends = graph.nodes.filter((node: { kind: string }) => node.kind === "primitive");
    assert.ok(ends.some((node: { details: { effect: string } }) => node.details.effect === "db-write"));
    for (const edge of graph.edges)
      assert.ok(
        graph.nodes.some((node: { id: string }) => node.id === edge.to),
        `${edge.to} is no node`,
      );
  });

  it("prints Mermaid by default, and DOT that quotes what it must", () => {
    assert.match(lintel("graph", "calls", shop).stdout, /^flowchart LR\n {2}n0\["Shop/);
    const dot = lintel("graph", "calls", shop, "--focus", "Shop.Orders", "--format", "dot").stdout;
    assert.match(dot, /^digraph lintel \{\n/);
    assert.match(dot, /"Shop\.Orders\.place_order\/2" -> "Shop\.Orders\.fetch_filled_cart\/1"/);
    assert.match(dot, /\}\n$/);
  });

  it("says so when there is no such module or graph, with status 2", () => {
    const module = lintel("graph", "calls", shop, "--focus", "Shop.Nothing");
    assert.equal(module.status, 2);
    assert.match(module.stderr, /there is no module Shop\.Nothing/);
    assert.equal(lintel("graph", "everything", shop).status, 2);
  });
});
