import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { NATIVE_FORMS } from "../../server/src/syntax/native-forms.ts";
import { FRAGMENTS } from "./fragments.ts";
import { LOADED_ROWS, RAW_SQL } from "./loaded-rows.ts";
import { type Answers, compare, moduleOf, type Rewrite, rewritten } from "./rewrites.ts";

/** A rewriting of a rule, and what is known of its rows beside those of the original. */
interface Case {
  readonly name: string;
  readonly rewrite: Rewrite;
  readonly same: boolean;
}

const fragments = FRAGMENTS.flatMap(([sql, samples]) =>
  samples.map(([expression, same]): Case & { sql: string } => {
    const rewrite = rewritten("ecto/fragment-has-native-form", moduleOf(expression));
    return { sql, name: `${sql}: ${expression}`, rewrite, same };
  }),
);
const others = (rule: string, samples: typeof LOADED_ROWS): Case[] =>
  samples.map(([body, same]) => ({ name: body, rewrite: rewritten(rule, moduleOf(body)), same }));

describe("rewritten queries find the same rows", () => {
  const cases = [
    ...fragments,
    ...others("ecto/filter-in-memory", LOADED_ROWS),
    ...others("ecto/raw-sql-query", RAW_SQL),
  ];
  let answers: Answers[] | string = "";

  before(async () => {
    answers = await compare(cases.map(({ rewrite }) => rewrite));
    if (typeof answers === "string") console.log(`Not run on a database: ${answers}`);
  });

  cases.forEach(({ name, rewrite, same }, i) => {
    it(name, (t) => {
      if (typeof answers === "string") return t.skip("no database with Ecto to run it on, as said above");
      const answer = answers[i];
      assert.ok(answer, "it was run");
      assert.doesNotMatch(answer.before, /^\*\*/, rewrite.before);
      if (same) assert.equal(answer.after, answer.before, rewrite.after);
      else assert.notEqual(answer.after, answer.before, `they are said to differ:\n${rewrite.after}`);
      assert.ok(same || rewrite.kind === "suggestion", `${rewrite.title} may not be applied unattended`);
    });
  });
});

it("every native form is run", () => {
  const run = new Set(FRAGMENTS.map(([sql]) => sql));
  assert.deepEqual(
    NATIVE_FORMS.map(({ sql }) => sql).filter((sql) => !run.has(sql)),
    [],
  );
});

it("what differs on NULL says so, and is a suggestion", () => {
  for (const { sql, rewrite } of fragments) {
    const form = NATIVE_FORMS.find((candidate) => candidate.sql === sql);
    if (rewrite.kind === "suggestion" && form?.onNull) assert.match(rewrite.title, /may differ on NULL/);
  }
});
