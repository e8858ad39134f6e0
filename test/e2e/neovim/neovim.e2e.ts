import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ensureNeovim } from "../../../tools/editors/debian.ts";
import { run } from "../../../tools/editors/run.ts";
import { comparisonsToNil } from "../compare-to-nil.ts";
import { languageServer } from "../paths.ts";
import { copyShop, temporaryFolder } from "../temporary-folder.ts";
import { tool } from "../tool.ts";

interface Result {
  readonly error?: string;
  /** The line of the finding, counted from 0. */
  readonly line: number;
  readonly message: string;
  /** The files with findings that were not open. */
  readonly closed: readonly string[];
  readonly titles: readonly string[];
  readonly text: string;
}

const temporary = temporaryFolder();

test("Neovim", async (t) => {
  const neovim = await tool(t, ensureNeovim);
  if (!neovim) return;
  const workspace = copyShop(temporary);
  const [place] = comparisonsToNil(workspace);
  assert.ok(place, "the shop compares a column to nil somewhere");
  const resultFile = join(temporary, "result.json");
  const script = join(import.meta.dirname, "neovim.lua");
  await run(neovim, ["--headless", "-u", "NONE", "-i", "NONE", "-n", "-S", script], {
    env: {
      ...process.env,
      // Neovim's own log and state stay out of the user's folders.
      XDG_STATE_HOME: temporary,
      XDG_CACHE_HOME: temporary,
      LINTEL_SERVER: languageServer,
      LINTEL_WORKSPACE: workspace,
      LINTEL_FILE: place.file,
      LINTEL_RULE: "ecto/nil-comparison",
      LINTEL_RESULT: resultFile,
    },
  });
  const result = JSON.parse(readFileSync(resultFile, "utf8")) as Result;
  assert.equal(result.error, undefined, result.error);

  await t.test("the open file has the finding", () => {
    assert.equal(result.line + 1, place.line);
    assert.notEqual(result.message, "");
  });
  await t.test("files that are not open have findings", () => {
    assert.ok(result.closed.length >= 2);
    assert.ok(!result.closed.includes(place.file));
  });
  await t.test("a code action mends the text", () => {
    assert.ok(result.titles.some((title) => /^Disable .*for this line/.test(title)));
    const lines = readFileSync(place.file, "utf8").trimEnd().split("\n");
    lines[place.line - 1] = (lines[place.line - 1] ?? "").replace(
      `${place.operand} == nil`,
      `is_nil(${place.operand})`,
    );
    assert.equal(result.text, lines.join("\n"));
  });
});
