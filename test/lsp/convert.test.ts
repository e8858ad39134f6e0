import assert from "node:assert/strict";
import { it } from "node:test";
import type { Diagnostic } from "../../server/src/base/diagnostic.ts";
import { LineIndex } from "../../server/src/base/text.ts";
import type { CodeAction } from "../../server/src/lint/session.ts";
import { codeActionOf } from "../../server/src/lsp/convert.ts";

const diagnostic: Diagnostic = {
  rule: "a/b",
  severity: "warning",
  message: "m",
  start: 0,
  end: 1,
  related: [],
  fixes: [],
  tags: [],
};

/** An action that makes a file. */
const action: CodeAction = {
  title: "t",
  kind: "suggestion",
  diagnostic,
  edits: () => new Map([["/app/new.exs", [{ start: 0, end: 0, text: "1\n" }]]]),
};

const converted = (allowed: boolean) =>
  codeActionOf(action, "/app/a.ex", () => new LineIndex(""), { isNew: (path) => path === "/app/new.exs", allowed });

it("a file that is not there is created, then filled", () => {
  const start = { line: 0, character: 0 };
  assert.deepEqual(converted(true)?.edit, {
    documentChanges: [
      { kind: "create", uri: "file:///app/new.exs" },
      {
        textDocument: { uri: "file:///app/new.exs", version: null },
        edits: [{ range: { start, end: start }, newText: "1\n" }],
      },
    ],
  });
});

it("an editor that cannot make files is not offered any", () => {
  assert.equal(converted(false), null);
});
