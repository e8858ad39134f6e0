import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { generatedFiles } from "../tools/generated.ts";
import { root } from "./support/engine.ts";

for (const [path, text] of generatedFiles()) {
  it(`${path} is as \`npm run gen\` writes it`, () => {
    assert.equal(readFileSync(join(root, path), "utf8"), text);
  });
}
