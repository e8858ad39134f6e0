import assert from "node:assert/strict";
import { it } from "node:test";

/** One test for each row: what `give` makes of the first must be the second. */
export function rows<I, O>(table: readonly (readonly [I, O])[], give: (input: I) => O): void {
  for (const [input, expected] of table) {
    const name = typeof input === "string" ? input.replaceAll("\n", " ⏎ ") : JSON.stringify(input);
    it(name, () => assert.deepEqual(give(input), expected));
  }
}
