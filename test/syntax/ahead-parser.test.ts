import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { Session } from "../../server/src/lint/session.ts";
import { startParserThread } from "../../server/src/main-engine.ts";
import { RULES } from "../../server/src/rules.gen.ts";
import { AheadParser, type AheadSizes } from "../../server/src/syntax/ahead-parser.ts";
import { dialectOfFile } from "../../server/src/syntax/dialect.ts";
import { ParseProgress } from "../../server/src/syntax/parse-progress.ts";
import type { Parser } from "../../server/src/syntax/parser.ts";
import {
  answer,
  type ParsedFile,
  type ParseRequest,
  type ParserThread,
} from "../../server/src/syntax/parser-thread.ts";
import { parser, root } from "../support/engine.ts";
import { shopFiles } from "../support/shop.ts";

const SMALL: AheadSizes = { worthAThread: 0, headStart: 2_000, window: 20_000, batch: 2_000 };

const BROKEN = "defmodule Shop.Half do\n  def total(order) do\n    order.total +\n  end\nend\n";
const DECLARED =
  "defmodule Shop.Web do\n  defmacro __using__(_) do\n    quote do\n      import Ecto.Query\n    end\n  end\nend\n";
const ROW = "<tr :for={row <- @rows}><td>{row.name}</td></tr>";
/** Two functions with the same template. */
const TWICE = `defmodule Shop.Rows do\n${["first", "second"].map((name) => `  def ${name}(assigns) do\n    ~H"${ROW}"\n  end\n`).join("\n")}end\n`;
const sources = new Map([
  ...[...shopFiles()].map(([path, text]) => [`/app/${path}`, text] as const),
  ["/app/lib/half.ex", BROKEN],
  ["/app/lib/half_again.ex", BROKEN],
  ["/app/lib/web.ex", DECLARED],
  ["/app/lib/rows.ex", TWICE],
  ["/app/lib/open.html.heex", "<div :if={@open}>\n  <p>{@name}\n</div>\n"],
]);

async function findings(reading: Parser, files: ReadonlyMap<string, string> = sources): Promise<unknown> {
  const session = new Session({ parser: reading, rules: RULES, log: assert.fail, clock: () => 0, timing: null });
  session.openProject("/app", { config: null, lock: null, baseline: null });
  await session.load(
    [...files].map(([path, text]) => ({ path, text })),
    () => {},
  );
  session.settle();
  return session.paths().map((path) => [path, session.diagnostics(path)]);
}

/** A thread that answers in its turn: `due` says which of the answers that wait are given, and in which order. */
function slowThread(due: (waiting: ParsedFile[]) => ParsedFile | undefined): { thread: ParserThread; asked: number[] } {
  const waiting: ParsedFile[] = [];
  const asked: number[] = [];
  const request = (files: readonly ParseRequest[]): void => {
    for (const file of files) {
      asked.push(file.file);
      waiting.push(answer(file, parser));
    }
  };
  return { asked, thread: { request, reach: () => {}, receive: () => due(waiting) ?? null, stop: () => {} } };
}

describe("parsing ahead", () => {
  const turns: Record<string, (waiting: ParsedFile[]) => ParsedFile | undefined> = {
    "answers at once": (waiting) => waiting.shift(),
    "answers the last question first": (waiting) => waiting.pop(),
    "never answers": () => undefined,
    "answers every third time it is asked": (() => {
      let times = 0;
      return (waiting: ParsedFile[]) => (++times % 3 === 0 ? waiting.shift() : undefined);
    })(),
  };
  for (const [name, due] of Object.entries(turns)) {
    it(`finds the same with a thread that ${name}`, async () => {
      const { thread, asked } = slowThread(due);
      assert.deepEqual(await findings(new AheadParser(parser, () => thread, SMALL)), await findings(parser));
      assert.ok(asked.length > 0);
      assert.equal(new Set(asked).size, asked.length, "no file is asked for twice");
    });
  }

  it("parses nothing here that the thread has parsed", async () => {
    const { thread, asked } = slowThread((waiting) => waiting.shift());
    const parsed: string[] = [];
    const counting = Object.create(parser, {
      elixir: {
        value: (...args: Parameters<typeof parser.elixir>) => {
          parsed.push(args[0]);
          return parser.elixir(...args);
        },
      },
      heex: {
        value: (...args: Parameters<typeof parser.heex>) => {
          parsed.push(args[0]);
          return parser.heex(...args);
        },
      },
    });
    await findings(new AheadParser(counting, () => thread, { ...SMALL, headStart: 0 }));
    const whole = [...sources].filter(([path, text]) => path.endsWith(".ex") && parsed.includes(text));
    assert.deepEqual(whole, []);
    assert.ok(!parsed.includes(ROW), "a template is parsed for each of its places");
    assert.equal(asked.length, sources.size);
  });

  it("starts no thread for little text", async () => {
    await findings(new AheadParser(parser, () => assert.fail("started")));
  });

  it("gets from the thread that is shipped what it would parse itself", async () => {
    const said: string[] = [];
    const thread = startParserThread(join(root, "server/out/main-parser.cjs"), (line) => said.push(line));
    const files = [...sources].map(([path, text], file) => ({ file, text, dialect: dialectOfFile(path) }));
    thread.request(files.slice(0, 3));
    thread.request(files.slice(3));
    const answers: ParsedFile[] = [];
    while (answers.length < files.length) {
      const given = thread.receive();
      if (given) answers.push(given);
      else await setTimeout(10);
      assert.deepEqual(said, [], "the thread lives; it is made by `npm run build`");
    }
    thread.stop();
    assert.deepEqual(
      answers,
      files.map((file) => answer(file, parser)),
    );
  });

  it("goes on alone where the thread cannot start, and says so", async () => {
    const log: string[] = [];
    const start = (): ParserThread => startParserThread(join(root, "server/out/missing.cjs"), (line) => log.push(line));
    assert.deepEqual(await findings(new AheadParser(parser, start, SMALL)), await findings(parser));
    // The threads above may have been stopped before they knew.
    const thread = start();
    for (let i = 0; log.length === 0 && i < 500; i++) await setTimeout(20);
    thread.stop();
    assert.match(log.join(), /The thread that parses has stopped/);
  });

  it("waits for a file that has been begun, and for no other", () => {
    const reader = new ParseProgress();
    const thread = new ParseProgress(reader.shared);
    assert.equal(thread.begin(0), true);
    reader.reach(2);
    assert.equal(thread.begin(1), false, "the reader is beyond it");
    assert.equal(thread.begin(2), false, "the reader is at it already");
    assert.equal(thread.begin(3), true);
    thread.rest();
    reader.reach(3);
    assert.equal(thread.begin(4), true);
  });
});
