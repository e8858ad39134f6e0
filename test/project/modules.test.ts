import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModuleFacts } from "../../server/src/facts/facts.ts";
import { ClauseMemo } from "../../server/src/project/clause-memo.ts";
import { Modules } from "../../server/src/project/modules.ts";
import { modulesIn } from "../support/facts.ts";

/** The facts of modules with these names, as a file at the path defines them. */
function modulesAt(path: string, ...names: readonly string[]): readonly ModuleFacts[] {
  return modulesIn(
    names.map((name) => `defmodule ${name} do\n  def f, do: :ok\nend\n`).join("\n"),
    path.replace("/app/", ""),
  );
}

const letters = ({ name }: ModuleFacts): string[] => [...new Set(name)];
const isShort = ({ name }: ModuleFacts): boolean => name.length < 3;
const names = (modules: readonly ModuleFacts[]): string[] => modules.map(({ name }) => name);

test("what is gathered is that of the present files, in their order", () => {
  const modules = new Modules(new ClauseMemo());
  modules.set("/app/b.ex", modulesAt("/app/b.ex", "Ab", "Abc"));
  assert.deepEqual(names(modules.having(letters, "b")), ["Ab", "Abc"]);
  modules.set("/app/a.ex", modulesAt("/app/a.ex", "Bb"));
  modules.set("/app/c.ex", modulesAt("/app/c.ex", "Cb"));
  assert.deepEqual(names(modules.having(letters, "b")), ["Bb", "Ab", "Abc", "Cb"]);
  assert.deepEqual(names(modules.where(isShort)), ["Bb", "Ab", "Cb"]);
  assert.deepEqual(modules.collect(letters), ["B", "b", "A", "b", "A", "b", "c", "C", "b"]);
  assert.deepEqual(names(modules.all()), ["Bb", "Ab", "Abc", "Cb"]);
  modules.set("/app/b.ex", modulesAt("/app/b.ex", "Xyz"));
  assert.deepEqual(names(modules.having(letters, "b")), ["Bb", "Cb"]);
  assert.deepEqual(names(modules.having(letters, "A")), []);
  modules.set("/app/a.ex", []);
  assert.deepEqual(names(modules.all()), ["Xyz", "Cb"]);
  assert.deepEqual(names(modules.where(isShort)), ["Cb"]);
  assert.deepEqual(modules.collect(letters), ["X", "y", "z", "C", "b"]);
});

test("a list that says the same is the same list", () => {
  const modules = new Modules(new ClauseMemo());
  modules.set("/app/a.ex", modulesAt("/app/a.ex", "Ab"));
  modules.set("/app/b.ex", modulesAt("/app/b.ex", "Xyz"));
  const before = { having: modules.having(letters, "b"), where: modules.where(isShort), all: modules.collect(letters) };
  modules.set("/app/b.ex", modulesAt("/app/b.ex", "Zyx"));
  assert.equal(modules.having(letters, "b"), before.having);
  assert.equal(modules.where(isShort), before.where);
  assert.notEqual(modules.collect(letters), before.all);
  const reversed = modules.collect(letters);
  modules.set("/app/b.ex", modulesAt("/app/b.ex", "Zyx"));
  assert.equal(modules.collect(letters), reversed);
  // Another module of the same name is another module.
  modules.set("/app/a.ex", modulesAt("/app/a.ex", "Ab"));
  assert.notEqual(modules.having(letters, "b"), before.having);
});
