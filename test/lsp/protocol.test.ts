import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  Hover,
  Location,
  MarkupContent,
  Range,
  WorkspaceEdit,
} from "vscode-languageserver-protocol";
import { TextDocument } from "vscode-languageserver-textdocument";
import { Client, uri } from "../support/client.ts";
import { root } from "../support/engine.ts";

const folder = mkdtempSync(join(tmpdir(), "lintel-lsp-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let copies = 0;
function shop(): string {
  const dir = join(folder, `shop${copies++}`);
  cpSync(join(root, "test/fixtures/shop"), dir, { recursive: true });
  return dir;
}

async function withClient(folders: readonly string[], run: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start(folders);
  try {
    await run(client);
  } finally {
    await client.stop();
  }
}

function applied(text: string, edit: WorkspaceEdit | undefined, path: string): string {
  const document = TextDocument.create(uri(path), "elixir", 1, text);
  return TextDocument.applyEdits(document, edit?.changes?.[uri(path)] ?? []);
}

describe("the language server", () => {
  it("reports progress while it indexes, and findings of files that were never opened", async () => {
    const dir = shop();
    await withClient([dir], async (client) => {
      await client.indexed();
      await client.until("twelve findings", () => client.published.reduce((n, p) => n + p.diagnostics.length, 0) >= 12);
      assert.deepEqual(
        client.progress.filter((kind) => kind !== "report"),
        ["begin", "end"],
      );
      const [diagnostic] = client.diagnostics(join(dir, "lib/shop/catalog/comparison_feed.ex"));
      assert.equal(diagnostic?.code, "ecto/n-plus-one-query");
      assert.equal(diagnostic?.source, "lintel");
      assert.match(diagnostic?.codeDescription?.href ?? "", /ecto\/n-plus-one-query\.md$/);
      assert.equal(diagnostic?.relatedInformation?.length, 3);
    });
  });

  it("offers fix, suppression for line and file; each does what it says", async () => {
    const dir = shop();
    const path = join(dir, "lib/shop/orders.ex");
    const text = readFileSync(path, "utf8");
    await withClient([dir], async (client) => {
      await client.indexed();
      await client.open(path, text);
      await client.until("the finding", () => client.codes(path).includes("ecto/nil-comparison"));
      const diagnostic = client.diagnostics(path).find((d) => d.code === "ecto/nil-comparison");
      const actions = await client.actions(path, diagnostic?.range as Range);
      assert.deepEqual(
        actions.map((action) => action.title),
        [
          "Replace with `is_nil(s.delivered_at)`",
          "Disable `ecto/nil-comparison` for this line",
          "Disable `ecto/nil-comparison` for this file",
        ],
      );
      assert.equal(actions[0]?.isPreferred, true);
      for (const [i, action] of actions.entries()) {
        await client.change(path, 2 + i, [{ text: applied(text, action.edit, path) }]);
        await client.until(
          `silence after "${action.title}"`,
          () => !client.codes(path).includes("ecto/nil-comparison"),
        );
        await client.change(path, 2 + i, [{ text }]);
        await client.until("the finding again", () => client.codes(path).includes("ecto/nil-comparison"));
      }
      const [all] = await client.actions(path, { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, [
        "source.fixAll",
      ]);
      assert.equal(all?.kind, "source.fixAll.lintel");
      const fixed = applied(text, all?.edit, path);
      assert.match(fixed, /is_nil\(s\.delivered_at\)/);
      assert.match(fixed, /\|> Repo\.preload\(\[:customer, :line_items\]\)/);
      assert.deepEqual(await client.actions(path, diagnostic?.range as Range, ["refactor"]), []);
    });
  });

  it("tells on hover what a call and a function do, each step a link, and goes there", async () => {
    const dir = shop();
    await withClient([dir], async (client) => {
      await client.indexed();
      const orders = join(dir, "lib/shop/orders.ex");
      const lines = readFileSync(orders, "utf8").split("\n");
      const line = lines.findIndex((l) => /^ {2}def list_orders_for/.test(l));
      const textDocument = { uri: uri(orders) };
      const position = { line, character: 8 };
      const hover = await client.connection.sendRequest<Hover>("textDocument/hover", { textDocument, position });
      const { value } = hover.contents as MarkupContent;
      assert.match(value, /\*\*`Orders\.list_orders_for\/1`\*\*/);
      assert.match(value, /reads the database: \[`Repo\.all\/1`\]\(file:.*orders\.ex#L\d+\)/);
      const ways = await client.connection.sendRequest<{ title: string; locations: Location[] }[]>("lintel/witnesses", {
        textDocument,
        position,
      });
      assert.match(ways[0]?.title ?? "", /^reads the database: Repo\.all\/1/);
      assert.equal(ways[0]?.locations.at(-1)?.uri, uri(orders));
      const nowhere = { textDocument, position: { line: 0, character: 0 } };
      assert.equal(await client.connection.sendRequest("textDocument/hover", nowhere), null);
    });
  });

  it("shows who calls a function and what it calls", async () => {
    const dir = shop();
    await withClient([dir], async (client) => {
      await client.indexed();
      const orders = join(dir, "lib/shop/orders.ex");
      const lines = readFileSync(orders, "utf8").split("\n");
      const line = lines.findIndex((l) => /^ {2}def place_order/.test(l));
      const textDocument = { uri: uri(orders) };
      const [item] = await client.connection.sendRequest<CallHierarchyItem[]>("textDocument/prepareCallHierarchy", {
        textDocument,
        position: { line, character: 8 },
      });
      assert.equal(item?.name, "place_order/2");
      assert.equal(item?.detail, "Shop.Orders");
      const incoming = await client.connection.sendRequest<CallHierarchyIncomingCall[]>("callHierarchy/incomingCalls", {
        item,
      });
      assert.ok(incoming.length > 0);
      assert.ok(incoming.every((call) => call.fromRanges.length > 0 && call.from.uri.includes("/shop_web/")));
      const outgoing = await client.connection.sendRequest<CallHierarchyOutgoingCall[]>("callHierarchy/outgoingCalls", {
        item,
      });
      assert.ok(outgoing.some((call) => call.to.detail === "Shop.Orders"));
      // And back: one of those whom it calls names it among its callers.
      const back = await client.connection.sendRequest<CallHierarchyIncomingCall[]>("callHierarchy/incomingCalls", {
        item: outgoing[0]?.to,
      });
      assert.ok(back.some((call) => call.from.name === "place_order/2"));
    });
  });

  it("follows incremental changes, and stays alive in broken text", async () => {
    const dir = shop();
    const path = join(dir, "lib/shop/orders.ex");
    const lines = readFileSync(path, "utf8").split("\n");
    await withClient([dir], async (client) => {
      await client.indexed();
      await client.open(path, lines.join("\n"));
      const line = lines.findIndex((l) => l.includes("delivered_at == nil"));
      const character = (lines[line] as string).indexOf("== nil");
      const at = { start: { line, character }, end: { line, character: character + 6 } };
      await client.change(path, 2, [{ range: at, text: "== ^now" }]);
      await client.until("the finding to go", () => !client.codes(path).includes("ecto/nil-comparison"));
      assert.ok(client.codes(path).includes("ecto/preload-in-loop"));
      // Two changes in one message: the second speaks of the text after the first.
      const now = { start: at.start, end: { line, character: character + 7 } };
      await client.change(path, 3, [
        { range: now, text: "" },
        { range: { start: at.start, end: at.start }, text: "== nil" },
      ]);
      await client.until("the finding again", () => client.codes(path).includes("ecto/nil-comparison"));
      // A parenthesis is opened elsewhere: that function is silent, others are not, after the pause too.
      const preload = lines.findIndex((l) => l.includes("Enum.map(fn order -> Repo.preload"));
      const end = { line: preload, character: (lines[preload] as string).length };
      await client.change(path, 4, [{ range: { start: end, end }, text: "((" }]);
      await client.until("silence in the broken function", () => !client.codes(path).includes("ecto/preload-in-loop"));
      assert.ok(client.codes(path).includes("ecto/nil-comparison"));
      await client.change(path, 5, [
        { range: { start: end, end: { ...end, character: end.character + 2 } }, text: "" },
      ]);
      await client.until("both findings", () => client.codes(path).length === 2);
      const versions = client.published
        .filter((p) => p.uri === uri(path) && p.version !== undefined)
        .map((p) => p.version as number);
      assert.deepEqual(
        versions,
        [...versions].sort((a, b) => a - b),
        "a superseded run never publishes",
      );
    });
  });

  it("lets an open buffer stand above the disk, for findings in other files too", async () => {
    const dir = shop();
    const migration = join(dir, "priv/repo/migrations/20250224100000_create_reviews.exs");
    const later = join(dir, "priv/repo/migrations/20990101000000_index_reviews.exs");
    const index =
      "defmodule Shop.Repo.Migrations.IndexReviews do\n  use Ecto.Migration\n\n  def change do\n    create index(:reviews, [:customer_id])\n  end\nend\n";
    await withClient([dir], async (client) => {
      await client.indexed();
      await client.until("the finding", () => client.codes(migration).length === 1);
      await client.open(later, index);
      await client.until("an index in a buffer to count", () => client.codes(migration).length === 0);
      await client.close(later);
      await client.until("a file that was never saved to be forgotten", () => client.codes(migration).length === 1);
      writeFileSync(later, index);
      await client.changed(later, 1);
      await client.until("a new file on the disk to count", () => client.codes(migration).length === 0);
      rmSync(later);
      await client.changed(later, 3);
      await client.until("a deleted file to be forgotten", () => client.codes(migration).length === 1);
    });
  });

  it("obeys .lintel.json and reports what is wrong in it", async () => {
    const dir = shop();
    const config = join(dir, ".lintel.json");
    const orders = join(dir, "lib/shop/orders.ex");
    await withClient([dir], async (client) => {
      await client.indexed();
      await client.until("findings", () => client.codes(orders).length === 2);
      writeFileSync(config, '{ "rules": { "ecto/nil-comparison": "off", "ecto/preload-in-lop": "off" } }');
      await client.changed(config, 1);
      await client.until("the rule to be off", () => client.codes(orders).length === 1);
      await client.until("the problem", () => client.diagnostics(config).length === 1);
      assert.match(String(client.diagnostics(config)[0]?.message), /Did you mean `ecto\/preload-in-loop`/);
      rmSync(config);
      await client.changed(config, 3);
      await client.until("all as before", () => client.codes(orders).length === 2 && client.codes(config).length === 0);
    });
  });

  it("takes the editor's settings, several folders, and files outside of them", async () => {
    const first = shop();
    const second = shop();
    const outside = join(folder, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "mix.exs"), "defmodule O.MixProject do\nend\n");
    const path = join(outside, "a.ex");
    await withClient([first, second], async (client) => {
      await client.indexed();
      const orders = [first, second].map((dir) => join(dir, "lib/shop/orders.ex"));
      await client.until("findings in both", () => orders.every((o) => client.codes(o).length === 2));
      client.settings = { rules: { "ecto/nil-comparison": "off", "ecto/preload-in-loop": "hint" } };
      await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await client.until("the settings", () =>
        orders.every((o) => client.diagnostics(o).length === 1 && client.diagnostics(o)[0]?.severity === 4),
      );
      await client.open(path, "defmodule A do\n  def f(xs), do: Enum.map(xs, &Repo.preload(&1, :y))\nend\n");
      await client.until("a file outside", () => client.codes(path).includes("ecto/preload-in-loop"));
      await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
        event: { added: [], removed: [{ uri: uri(second), name: "second" }] },
      });
      await client.until("the removed folder to be forgotten", () => client.codes(orders[1] as string).length === 0);
      assert.equal(client.codes(orders[0] as string).length, 1);
    });
  });

  it("answers lintel/rules and lintel/explain", async () => {
    await withClient([], async (client) => {
      const rules: { id: string }[] = await client.connection.sendRequest("lintel/rules");
      assert.ok(rules.some(({ id }) => id === "otp/call-self-deadlock"));
      const page: { markdown: string } = await client.connection.sendRequest("lintel/explain", {
        rule: "otp/call-self-deadlock",
      });
      assert.match(page.markdown, /^# otp\/call-self-deadlock/);
      await assert.rejects(client.connection.sendRequest("lintel/explain", { rule: "otp/call-self" }), /Unknown rule/);
    });
  });

  it("starts over standard input and output without a flag", async () => {
    const client = await Client.start([], { argument: [] });
    assert.equal(client.result.serverInfo?.name, "lintel");
    await client.stop();
  });
});
