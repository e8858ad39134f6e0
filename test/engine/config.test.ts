import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { headOf } from "../../server/src/facts/facts.ts";
import { moduleRule } from "../../server/src/lint/rule.ts";
import type { Rule, RuleSetting, Session } from "../../server/src/lint/session.ts";
import { newSession } from "../support/engine.ts";
import { callProbe, functionProbe, rulesFound } from "../support/probes.ts";
import { rows } from "../support/table.ts";

const RULES: readonly Rule[] = [
  callProbe("bad"),
  callProbe("worse", { severity: "error" }),
  callProbe("quiet", { default: "off" }),
  callProbe("newer", { requires: { phoenix_live_view: "0.20.0" } }),
  functionProbe("target"),
];
const CONFIG = "/app/.lintel.json";
const PATH = "/app/lib/a.ex";
const TEXT = "defmodule A do\ndef target do\nbad()\nworse()\nquiet()\nend\nend\n";

interface Texts {
  readonly config?: string;
  readonly lock?: string;
  readonly baseline?: string;
  readonly overrides?: ReadonlyMap<string, RuleSetting>;
}

function open(session: Session, { config, lock, baseline, overrides }: Texts, root = "/app"): void {
  session.openProject(root, { config: config ?? null, lock: lock ?? null, baseline: baseline ?? null }, overrides);
}

function on(texts: Texts, files: Readonly<Record<string, string>> = { "lib/a.ex": TEXT }): Session {
  const { session } = newSession({ rules: RULES });
  open(session, texts);
  for (const [path, text] of Object.entries(files)) session.update(`/app/${path}`, text);
  session.settle();
  return session;
}

/** `rule severity` of the findings under the configuration. */
function under(config: string): string {
  return on({ config })
    .diagnostics(PATH)
    .map((d) => `${d.rule.replace("probe/", "")} ${d.severity}`)
    .join(", ");
}

const DEFAULT = "target warning, bad warning, worse error";

describe("rules by `.lintel.json`", () => {
  rows(
    [
      ["{}", DEFAULT],
      ['{"rules": {}}', DEFAULT],
      ['{"rules": {"probe/bad": "off"}}', "target warning, worse error"],
      ['{"rules": {"probe/target": "off"}}', "bad warning, worse error"],
      ['{"rules": {"probe/quiet": "on"}}', `${DEFAULT}, quiet warning`],
      ['{"rules": {"probe/quiet": "hint"}}', `${DEFAULT}, quiet hint`],
      [
        '{"rules": {"probe/bad": "error", "probe/worse": "information"}}',
        "target warning, bad error, worse information",
      ],
      ['// comments and\n{"rules": {"probe/bad": "off",},}', "target warning, worse error"],
      // What is wrong costs its own entry only.
      ['{"rules": {"probe/bad": "of", "probe/target": "off"}}', "bad warning, worse error"],
      ['{"rules": {"probe/bda": "off", "probe/target": "off"}}', "bad warning, worse error"],
      ['{"rule": {"probe/bad": "off"}}', DEFAULT],
      ['{"rules": ["probe/bad"]}', DEFAULT],
      ["[]", DEFAULT],
      ["", DEFAULT],
      ['{"rules": ', DEFAULT],
      ["not json", DEFAULT],
    ] as const,
    under,
  );
});

describe("what is wrong in `.lintel.json` is reported there", () => {
  rows(
    [
      ["{}", []],
      ['{"rules": {"probe/bda": "off"}}', ['"probe/bda"']],
      ['{"rules": {"probe/bad": "of"}}', ['"of"']],
      ['{"rules": {"probe/bad": 1}}', ["1"]],
      ['{"rules": []}', ["[]"]],
      ['{"include": "lib"}', ['"lib"']],
      ['{"exclude": [1]}', ["[1]"]],
      ['{"rulez": {}}', ['"rulez"']],
      ['{"migrations": {"startAfter": "20240101000000"}}', []],
      ['{"migrations": {"startAfter": 12}}', []],
      ['{"migrations": {}}', []],
      ['{"migrations": {"startAfter": "soon"}}', ['{"startAfter": "soon"}']],
      ['{"migrations": {"from": "20240101000000"}}', ['{"from": "20240101000000"}']],
      ['{"migrations": "20240101000000"}', ['"20240101000000"']],
      ["[]", ["[]"]],
      ['{"$schema": "x"}', []],
    ] as const,
    (config) =>
      on({ config })
        .diagnostics(CONFIG)
        .map((d) => config.slice(d.start, d.end)),
  );

  it("malformed JSON too, as a file of the session until it is mended", () => {
    const session = on({ config: '{"rules": {' });
    const [problem] = session.diagnostics(CONFIG);
    assert.match(problem?.message ?? "", /not valid JSON/);
    assert.ok(session.paths().includes(CONFIG));
    open(session, { config: "{}" });
    assert.ok(session.settle().includes(CONFIG), "its diagnostics are new");
    assert.deepEqual([session.diagnostics(CONFIG), session.paths().includes(CONFIG)], [[], false]);
  });

  it("with the nearest name", () => {
    const session = on({ config: '{"rules": {"probe/wrose": "off"}}' });
    assert.match(session.diagnostics(CONFIG)[0]?.message ?? "", /Did you mean `probe\/worse`\?/);
  });

  it("and nothing of it shows in other projects", () => {
    const session = on({ config: "{" });
    open(session, {}, "/other");
    session.update("/other/lib/a.ex", TEXT);
    session.settle();
    assert.deepEqual(session.diagnostics("/other/.lintel.json"), []);
    assert.equal(session.diagnostics("/other/lib/a.ex").length, 3);
  });
});

describe("options of a rule", () => {
  const sized: Rule = {
    ...moduleRule({
      id: "probe/sized",
      category: "design",
      severity: "warning",
      since: "0.1.0",
      summary: "",
      options: { functions: { description: "", default: 2, minimum: 1 } },
      check(module, cx) {
        if (module.clauses.length >= cx.option("functions")) cx.report(headOf(module), "many");
      },
    }),
    documentation: "",
  };
  const open = (config: string): Session => {
    const { session } = newSession({ rules: [...RULES, sized] });
    session.openProject("/app", { config, lock: null, baseline: null });
    session.update(PATH, "defmodule A do\ndef f, do: 1\ndef g, do: 2\nend\n");
    session.settle();
    return session;
  };
  rows(
    [
      ["{}", "warning"],
      ['{"rules": {"probe/sized": {"functions": 3}}}', ""],
      ['{"rules": {"probe/sized": {"functions": 1, "severity": "hint"}}}', "hint"],
      ['{"rules": {"probe/sized": {"severity": "off"}}}', ""],
      ['{"rules": {"probe/sized": "error"}}', "error"],
      ['{"rules": {"probe/sized": {"functions": 0}}}', "warning"],
      ['{"rules": {"probe/sized": {"functions": "3"}}}', "warning"],
      ['{"rules": {"probe/sized": {"lines": 3}}}', "warning"],
    ] as const,
    (config) =>
      open(config)
        .diagnostics(PATH)
        .map(({ severity }) => severity)
        .join(),
  );
  rows(
    [
      ['{"rules": {"probe/sized": {"functions": 3}}}', []],
      ['{"rules": {"probe/sized": {"functions": 0}}}', ["0"]],
      ['{"rules": {"probe/sized": {"functions": 1.5}}}', ["1.5"]],
      ['{"rules": {"probe/sized": {"lines": 3}}}', ['"lines"']],
      ['{"rules": {"probe/sized": {"severity": "of"}}}', ['"of"']],
      ['{"rules": {"probe/bad": {"severity": "off"}}}', ['{"severity": "off"}']],
    ] as const,
    (config) =>
      open(config)
        .diagnostics(CONFIG)
        .map((d) => config.slice(d.start, d.end)),
  );
});

describe("settings from the editor stand above the file's", () => {
  it("rule by rule", () => {
    const session = on({
      config: '{"rules": {"probe/bad": "off", "probe/target": "off"}}',
      overrides: new Map([["probe/bad", "hint"]]),
    });
    assert.deepEqual(
      session.diagnostics(PATH).map((d) => `${d.rule} ${d.severity}`),
      ["probe/bad hint", "probe/worse error"],
    );
  });
});

describe("include and exclude", () => {
  const files = { "lib/a.ex": TEXT, "lib/gen/b.ex": TEXT, "apps/x/lib/c.ex": TEXT };
  const seen = (config: string): string =>
    on({ config }, files)
      .paths()
      .filter((path) => path.endsWith(".ex"))
      .map((path) => on({ config }, files).diagnostics(path).length)
      .join();
  rows(
    [
      ["{}", "3,3,3"],
      ['{"exclude": ["lib/gen/**"]}', "3,0,3"],
      ['{"include": ["lib/**"]}', "3,3,0"],
      ['{"include": ["lib/**"], "exclude": ["**/b.ex"]}', "3,0,0"],
      ['{"include": []}', "3,3,3"],
      ['{"exclude": ["gen"]}', "3,3,3"],
    ] as const,
    seen,
  );

  it("an excluded file is still known to the others", () => {
    const session = on(
      { config: '{"exclude": ["lib/b.ex"]}' },
      {
        "lib/a.ex": "defmodule A do\nuse B\ndef target, do: get_flash(1)\nend",
        "lib/b.ex": "defmodule B do\ndefmacro __using__(_), do: quote(do: use(Agent))\nend",
      },
    );
    assert.deepEqual(rulesFound(session, PATH), ["probe/target"]);
    assert.ok(session.has("/app/lib/b.ex"));
  });
});

describe("versions", () => {
  const text = "defmodule A do\ndef f, do: newer()\nend";
  const withLock = (lock?: string): number =>
    on(lock === undefined ? {} : { lock }, { "lib/a.ex": text }).diagnostics(PATH).length;
  const lock = (version: string): string =>
    `%{\n  "ecto": {:hex, :ecto, "3.12.4", "ef0"},\n  "phoenix_live_view": {:hex, :phoenix_live_view, "${version}", "1a"},\n}\n`;
  rows(
    [
      [undefined, 1],
      ["%{}", 1],
      ["", 1],
      [lock("0.20.0"), 1],
      [lock("1.1.0"), 1],
      [lock("0.100.0"), 1],
      [lock("0.20.0-rc.1"), 1],
      [lock("0.19.9"), 0],
      [lock("0.2.0"), 0],
      ['%{"phoenix_live_view": {:git, "https://x", "abc", []}}', 1],
    ] as const,
    withLock,
  );

  it("`.tool-versions` names the Elixir that the project runs on", () => {
    const rule = { ...callProbe("branches"), requires: { elixir: "1.7.0" } };
    const found = (toolVersions: string | null): number => {
      const { session } = newSession({ rules: [rule] });
      session.openProject("/app", { config: null, lock: null, baseline: null, toolVersions });
      session.update(PATH, "defmodule A do\ndef f, do: branches()\nend");
      session.settle();
      return session.diagnostics(PATH).length;
    };
    const texts = [
      null,
      "erlang 20.3\nelixir 1.6.6-otp-20\n",
      "elixir  1.18.4-otp-27 1.6.6",
      "elixir ref:v1.6",
      "# elixir 1.6.0",
    ];
    assert.deepEqual(texts.map(found), [1, 0, 1, 1, 1]);
  });
});

it("new settings are in force at once for files that are open", () => {
  const session = on({});
  open(session, { config: '{"rules": {"probe/bad": "off"}}' });
  assert.deepEqual(session.settle(), [PATH]);
  assert.deepEqual(rulesFound(session, PATH), ["probe/target", "probe/worse"]);
});
