import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Node } from "../../server/src/syntax/ast.ts";
import { ancestors } from "../../server/src/syntax/visit.ts";
import { newSession } from "../support/engine.ts";
import { projectOn } from "../support/facts.ts";
import { random } from "../support/random-edits.ts";
import { shopFiles } from "../support/shop.ts";
import { allNodes, read } from "../support/syntax.ts";

/** How many places of each file; `LINTEL_SEED` repeats a run. */
const PLACES = 12;
const SEED = Number(process.env.LINTEL_SEED ?? Date.now() % 1_000_000);

const files = shopFiles();
const next = random(SEED);

/** True for what stands in a string or a template, where a comment would be text. */
function isText(node: Node): boolean {
  return node.type === "template" || node.type === "string" || node.type === "sigil";
}

/** Where the lines begin that a form or a statement is the first thing on. */
function places(text: string): number[] {
  const out = new Set<number>();
  const add = (start: number): void => {
    const line = text.lastIndexOf("\n", start - 1) + 1;
    if (text.slice(line, start).trim() === "") out.add(line);
  };
  for (const form of read(text).forms) {
    add(form.start);
    for (const node of form.result ? allNodes(form.result.ast) : []) {
      if (node.type !== "block" || [...ancestors(node)].some(isText)) continue;
      for (const statement of node.statements) add(form.start + statement.start);
    }
  }
  return [...out];
}

function some<T>(all: readonly T[], count: number): T[] {
  const left = [...all];
  const out: T[] = [];
  while (out.length < count && left.length > 0) out.push(...left.splice(Math.floor(next() * left.length), 1));
  return out;
}

const { session } = newSession({ all: true });
for (const [path, text] of files) session.update(`/app/${path}`, text);
session.settle();

/** All findings, with offsets of one file moved as by an insertion. */
function findings(moved: string | null, at: number, by: number): unknown {
  const place = (path: string, start: number, end: number): string => {
    const map = (offset: number): number => (path === moved && offset >= at ? offset + by : offset);
    return `${path} ${map(start)}-${map(end)}`;
  };
  return [...files.keys()].flatMap((file) =>
    session.diagnostics(`/app/${file}`).map((d) => ({
      ...d,
      start: 0,
      end: 0,
      at: place(`/app/${file}`, d.start, d.end),
      related: d.related.map((r) => `${place(r.path, r.start, r.end)} ${r.message}`),
    })),
  );
}

describe(`a comment before a form or statement changes no finding (seed ${SEED})`, () => {
  for (const [path, text] of files) {
    if (path.endsWith(".heex")) continue;
    it(path, () => {
      const full = `/app/${path}`;
      for (const at of some(places(text), PLACES)) {
        const indentation = /^[ \t]*/.exec(text.slice(at))?.[0] ?? "";
        const comment = `${indentation}# note: "do" end ~s( fn ->\n`;
        const where = `line ${text.slice(0, at).split("\n").length}`;
        const expected = findings(full, at, comment.length);
        session.edit(full, [{ start: at, end: at, text: comment }]);
        session.refresh();
        session.settle();
        assert.deepEqual(findings(null, 0, 0), expected, `${where}, by a keystroke`);
        session.update(full, text);
        session.settle();
        session.update(full, text.slice(0, at) + comment + text.slice(at));
        session.settle();
        assert.deepEqual(findings(null, 0, 0), expected, `${where}, by a new text`);
        session.update(full, text);
        session.settle();
      }
    });
  }
});

describe(`nor any fact (seed ${SEED})`, () => {
  for (const [path, text] of files) {
    if (path.endsWith(".heex")) continue;
    it(path, () => {
      const facts = (source: string): unknown => projectOn({ [path]: source }).project.modules();
      const expected = facts(text);
      for (const at of some(places(text), PLACES)) {
        assert.deepEqual(facts(`${text.slice(0, at)}# note\n${text.slice(at)}`), expected, `at ${at}`);
      }
    });
  }
});
