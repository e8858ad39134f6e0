import assert from "node:assert/strict";
import { relative } from "node:path";
import { describe, it } from "node:test";
import type { Diagnostic } from "../../server/src/base/diagnostic.ts";
import { applyEdits, type WorkspaceEdits } from "../../server/src/base/edit.ts";
import { LineIndex } from "../../server/src/base/text.ts";
import type { Session } from "../../server/src/lint/session.ts";
import { RULES } from "../../server/src/rules.gen.ts";
import { root, sessionOn } from "../support/engine.ts";
import { allSpecs, type Scenario, type SpecFile } from "../support/specs.ts";

const specs = allSpecs(root);

for (const spec of specs) {
  describe(relative(root, spec.path), () => {
    for (const scenario of spec.scenarios) {
      it(scenario.name, () => {
        const session = open(scenario);
        for (const file of scenario.files) check(session, spec.rule, file);
        for (const outcome of scenario.outcomes) {
          const edits =
            outcome.title === null
              ? fixAll(session, spec.rule, scenario)
              : suggestion(session, spec.rule, outcome.title, scenario);
          const after = apply(scenario, edits);
          assert.equal(after[outcome.path], outcome.text, `${outcome.title ?? "fixed"}: ${outcome.path}`);
          if (outcome.title === null) {
            const again = open(scenario, after);
            for (const file of scenario.files) {
              assert.deepEqual(
                shown(again, spec.rule, file.path, after[file.path] ?? ""),
                [],
                "the fixed text is silent",
              );
            }
          }
        }
      });
    }
  });
}

describe("rules", () => {
  for (const rule of RULES) {
    it(`${rule.id} has a page with bad and good examples, and one outcome for each kind of fix`, () => {
      const own = specs.filter((spec) => spec.rule === rule.id);
      const scenarios = own.flatMap((spec) => spec.scenarios);
      assert.ok(
        scenarios.some((s) => s.files.some((f) => f.expected.length > 0)),
        "no bad example",
      );
      assert.ok(
        scenarios.some((s) => s.files.every((f) => f.good)),
        "no good example",
      );
      for (const heading of ["## Why", "## Examples", "## When to ignore it", "## See also"]) {
        assert.ok(rule.documentation.includes(`\n${heading}\n`), `the page has no "${heading}"`);
      }
      assert.ok(
        rule.documentation.startsWith(`# ${rule.id}\n\n${rule.summary}\n`),
        "the page begins with the id and the summary",
      );
      const offered = new Set(
        scenarios.flatMap((s) => {
          const session = open(s);
          return s.files.flatMap((f) => own_(session, rule.id, f.path).flatMap((d) => d.fixes.map((fix) => fix.kind)));
        }),
      );
      const outcomes = scenarios.flatMap((s) => s.outcomes);
      if (offered.has("fix"))
        assert.ok(
          outcomes.some((o) => o.title === null),
          "a rule with a fix shows the fixed text",
        );
      if (offered.has("suggestion"))
        assert.ok(
          outcomes.some((o) => o.title !== null),
          "a rule with a suggestion shows its outcome",
        );
    });
  }

  it("every edge case page belongs to a rule", () => {
    for (const spec of specs)
      assert.ok(
        RULES.some((rule) => rule.id === spec.rule),
        `${spec.path} names no rule`,
      );
  });
});

function open(scenario: Scenario, texts: Record<string, string> = {}): Session {
  const files = Object.fromEntries(scenario.files.map((file) => [file.path, texts[file.path] ?? file.text]));
  return sessionOn(files, { all: true, settings: { versions: scenario.versions } });
}

function own_(session: Session, rule: string, path: string): readonly Diagnostic[] {
  return session.diagnostics(`/app/${path}`).filter((diagnostic) => diagnostic.rule === rule);
}

function shown(session: Session, rule: string, path: string, text: string): string[] {
  const lines = new LineIndex(text);
  return own_(session, rule, path).map((d) => `${lines.positionAt(d.start).line + 1}: ${d.message}`);
}

function check(session: Session, rule: string, file: SpecFile): void {
  const lines = new LineIndex(file.text);
  const found = [...own_(session, rule, file.path)];
  for (const expected of file.expected) {
    const at = found.findIndex((d) => {
      const start = lines.positionAt(d.start);
      const end = lines.positionAt(d.end);
      return (
        start.line === expected.line &&
        start.column === expected.column &&
        (expected.endColumn === null || (end.line === start.line && end.column === expected.endColumn)) &&
        d.message.includes(expected.message)
      );
    });
    const where = `${file.path}:${expected.line + 1}:${expected.column + 1}`;
    const ranges = found.map((d) => {
      const [s, e] = [lines.positionAt(d.start), lines.positionAt(d.end)];
      return `${s.line + 1}:${s.column + 1}-${e.line + 1}:${e.column + 1} ${d.message}`;
    });
    assert.ok(at >= 0, `nothing at ${where} with "${expected.message}"; found:\n${ranges.join("\n")}`);
    found.splice(at, 1);
  }
  assert.deepEqual(
    shown(session, rule, file.path, file.text).filter((_, i) =>
      found.includes(own_(session, rule, file.path)[i] as Diagnostic),
    ),
    [],
    `unexpected in ${file.path}`,
  );
  if (!file.good) return;
  const domain = rule.split("/")[0];
  // What a project may opt in to is no part of what good code looks like.
  const optional = new Set(RULES.filter((other) => other.default === "off" && other.id !== rule).map(({ id }) => id));
  const others = session
    .diagnostics(`/app/${file.path}`)
    .filter((d) => d.rule.startsWith(`${domain}/`) && !optional.has(d.rule));
  assert.deepEqual(
    others.map((d) => `${d.rule}: ${d.message}`),
    [],
    "good examples are silent for the whole domain",
  );
}

function fixAll(session: Session, rule: string, scenario: Scenario): WorkspaceEdits {
  const out = new Map();
  for (const file of scenario.files)
    for (const [path, edits] of session.fixAll(`/app/${file.path}`, rule) ?? []) out.set(path, edits);
  return out;
}

function suggestion(session: Session, rule: string, title: string, scenario: Scenario): WorkspaceEdits {
  for (const file of scenario.files) {
    for (const diagnostic of own_(session, rule, file.path)) {
      const action = session
        .actions(`/app/${file.path}`, diagnostic)
        .find((a) => a.title === title && a.diagnostic === diagnostic);
      const edits = action?.edits();
      if (edits) return edits;
    }
  }
  assert.fail(`no action "${title}"`);
}

function apply(scenario: Scenario, edits: WorkspaceEdits): Record<string, string> {
  const files = scenario.files.map(({ path, text }) => ({ path, text }));
  for (const path of edits.keys()) {
    const made = relative("/app", path);
    if (!files.some((file) => file.path === made)) files.push({ path: made, text: "" });
  }
  return Object.fromEntries(files.map(({ path, text }) => [path, applyEdits(text, edits.get(`/app/${path}`) ?? [])]));
}
