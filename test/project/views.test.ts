import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Session } from "../../server/src/lint/session.ts";
import { newSession } from "../support/engine.ts";
import { shopFiles } from "../support/shop.ts";

const files = shopFiles();
const ORDERS = "lib/shop/orders.ex";
const MIGRATION = "priv/repo/migrations/20250224100000_create_reviews.exs";

function shop(): Session {
  const { session } = newSession({ all: true });
  for (const [path, text] of files) session.update(`/app/${path}`, text);
  session.settle();
  return session;
}

function counts(session: Session): Record<string, number> {
  return Object.fromEntries(session.viewsComputed("/app"));
}

/** Which views an edit made the engine compute again: by a keystroke, and by the whole text. */
function recomputed(path: string, old: string, text: string): string[] {
  const before = files.get(path) as string;
  const start = before.indexOf(old);
  assert.ok(start >= 0, `${path} holds no ${old}`);
  const after = before.slice(0, start) + text + before.slice(start + old.length);
  const changed = [
    (session: Session) => session.edit(`/app/${path}`, [{ start, end: start + old.length, text }]),
    (session: Session) => session.update(`/app/${path}`, after),
  ].map((change) => {
    const session = shop();
    const then = counts(session);
    change(session);
    session.refresh();
    session.settle();
    assert.equal(session.text(`/app/${path}`), after);
    return Object.entries(counts(session)).flatMap(([name, count]) => (count === then[name] ? [] : [name]));
  });
  assert.deepEqual(changed[0], changed[1], "a keystroke and a whole text differ");
  return changed[0] as string[];
}

describe("an edit that changes no fact recomputes no view", () => {
  const line = "    |> Repo.all()\n";
  const cases: Readonly<Record<string, readonly [path: string, old: string, text: string]>> = {
    "a comment before everything": [ORDERS, "defmodule", "# why\ndefmodule"],
    "a comment in a function": [ORDERS, line, `    # why\n${line}`],
    "a comment at the end of a line": [ORDERS, line, "    |> Repo.all() # why\n"],
    "a comment between functions": [ORDERS, "\n  def ", "\n  # why\n  def "],
    "a comment for linters": [ORDERS, "\n  def ", "\n  # lintel:disable-for-this-file ecto/preload-in-loop\n  def "],
    "a blank line in a function": [ORDERS, line, `\n${line}`],
    "blank lines between functions": [ORDERS, "\n  def ", "\n\n\n  def "],
    "blank lines at the end": [ORDERS, "\nend\n", "\nend\n\n\n"],
    indentation: [ORDERS, line, `  ${line}`],
    "a migration's comment": [MIGRATION, "  def change", "  # why\n  def change"],
    "a comment in a migration": [MIGRATION, "    create", "    # why\n    create"],
    "documentation of a function": [ORDERS, '@doc """\n', '@doc """\n  More.\n'],
    "the text of a message": ["lib/shop/orders/carrier_tracker.ex", 'Logger.warning("', 'Logger.warning("More: '],
  };
  for (const [name, [path, old, text]] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(recomputed(path, old, text), []));
  }
});

describe("an edit recomputes the views of what it changes, and no others", () => {
  it("a call", () => {
    const names = recomputed(ORDERS, "    |> Repo.all()\n", "    |> Repo.one()\n");
    assert.ok(names.includes("effects"), names.join());
    assert.ok(!names.includes("tables") && !names.includes("expansions") && !names.includes("schemas"), names.join());
  });

  it("a column", () => {
    const names = recomputed(MIGRATION, ":customer_id", ":buyer_id");
    assert.ok(names.includes("tables"), names.join());
    assert.ok(!names.includes("expansions") && !names.includes("schemas"), names.join());
  });

  it("what a macro brings in", () => {
    const names = recomputed("lib/shop_web.ex", "alias ShopWeb.Layouts", "alias ShopWeb.Router");
    assert.ok(names.includes("expansions"), names.join());
    assert.ok(!names.includes("tables"), names.join());
  });
});
