import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { RULES } from "../../server/src/rules.gen.ts";
import { root } from "../support/engine.ts";

/** The rules that were planned, with their defaults, as the facts on them have it. */
const planned = new Map(
  Object.entries(JSON.parse(readFileSync(join(root, "test/rules/planned.json"), "utf8")) as Record<string, string>),
);

/** Rules that were to be on, and are off by what reading their findings on real code showed: `test/ecosystem/README.md`. */
const OFF_BY_MEASURE = new Set([
  "heex/event-without-handler",
  "liveview/derived-assign",
  "migration/index-not-concurrent",
  "otp/await-in-callback",
  "otp/infinite-call-timeout",
  "otp/no-catch-all-handle-info",
  "otp/receive-in-callback",
  "otp/terminate-without-trap-exit",
  "otp/unbounded-task-fanout",
  "phoenix/schema-crosses-boundary",
  "security/raw-html",
]);

const domains = [...new Set([...planned.keys()].map((id) => id.split("/", 1)[0] as string))];

describe("the rules are those that were planned", () => {
  for (const domain of domains) {
    it(domain, () => {
      const there = new Set(RULES.map(({ id }) => id));
      const missing = [...planned.keys()].filter((id) => id.startsWith(`${domain}/`) && !there.has(id));
      assert.deepEqual(missing, [], `missing of ${domain}/*`);
      const unplanned = RULES.filter(({ id }) => id.startsWith(`${domain}/`) && !planned.has(id));
      assert.deepEqual(
        unplanned.map(({ id }) => id),
        [],
        `not planned of ${domain}/*`,
      );
    });
  }

  it("on and off as planned, but for those that did not hold what they promise", () => {
    const others = RULES.filter(({ id, default: standard = "on" }) => planned.get(id) !== standard);
    assert.deepEqual(new Set(others.map(({ id }) => id)), OFF_BY_MEASURE);
  });
});

it("a rule is short: at the median its file has at most 60 lines", () => {
  const lines = RULES.map(
    ({ id }) => readFileSync(join(root, "server/src/rules", `${id}.ts`), "utf8").split("\n").length - 1,
  ).sort((a, b) => a - b);
  const median = lines[(lines.length - 1) >> 1] ?? 0;
  assert.ok(median <= 60, `${median} lines`);
});
