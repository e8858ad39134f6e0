import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { Language, Parser, type Tree } from "web-tree-sitter";
import { runtimeOf, TreeWalk } from "../../server/src/syntax/tree-walk.ts";

const { resolve } = createRequire(import.meta.url);
const runtime = runtimeOf(readFileSync(resolve("web-tree-sitter/web-tree-sitter.wasm")));
const started = Parser.init({ instantiateWasm: runtime.instantiate });
const walk = new TreeWalk(await runtime.functions);
await started;
const parser = new Parser();
parser.setLanguage(await Language.load(readFileSync(resolve("tree-sitter-elixir/tree-sitter-elixir.wasm"))));

/** Every node in pre-order as web-tree-sitter's own cursor sees it. */
function byCursor(tree: Tree): number[] {
  const cursor = tree.walk();
  const out: number[] = [];
  const below = (): void => {
    out.push(cursor.nodeTypeId, cursor.startIndex, cursor.endIndex);
    if (!cursor.gotoFirstChild()) return;
    do below();
    while (cursor.gotoNextSibling());
    cursor.gotoParent();
  };
  below();
  cursor.delete();
  return out;
}

function byWalk(tree: Tree): number[] {
  const out: number[] = [];
  const below = (): void => {
    out.push(walk.kind, walk.start, walk.stop);
    if (!walk.down()) return;
    do below();
    while (walk.next());
    walk.up();
  };
  walk.begin((tree as unknown as readonly [number])[0]);
  below();
  walk.end();
  return out;
}

// It stands on functions of the runtime that are not its public interface: this is what tells of a version that has others.
test("the walk sees what the runtime's own cursor sees", () => {
  const deep = `x = ${"[".repeat(300)}${"]".repeat(300)}`;
  const source = 'defmodule Ä do\n  # ü\n  def f(x), do: "#{x} — 😀" |> g(~s(a), &h/1)\nend\n';
  for (const text of ["", source, deep, source.repeat(200), "def ("]) {
    const tree = parser.parse(text) as Tree;
    assert.deepEqual(byWalk(tree), byCursor(tree), text.slice(0, 40));
    tree.delete();
  }
});

test("a runtime that is no WebAssembly is an error", async () => {
  const broken = runtimeOf(new Uint8Array([1, 2, 3]));
  broken.instantiate({}, () => {});
  await assert.rejects(broken.functions);
});
