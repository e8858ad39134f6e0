import type { Cst, CstNodes } from "./cst.ts";
import type { ExpectedFile, ExpectedFiles, GrammarName, Parser, Prune } from "./parser.ts";
import type { ParsedFile, ParseRequest, ParserThread } from "./parser-thread.ts";
import type { WasmParser } from "./wasm-parser.ts";

/** In UTF-16 code units. */
export interface AheadSizes {
  /** Less text than this is parsed sooner than a thread has started. */
  readonly worthAThread: number;
  /** What is read before the thread's first answer: it begins behind that. */
  readonly headStart: number;
  /** How far the thread may be ahead, so that trees do not pile up. */
  readonly window: number;
  /** How much of the window is used up before more is asked for. */
  readonly batch: number;
}

const SIZES: AheadSizes = { worthAThread: 1_000_000, headStart: 250_000, window: 500_000, batch: 50_000 };

/**
 * Has another thread parse the files that are expected, so that whole projects are read in the time that all but parsing
 * takes. What is not there when it is asked for is parsed here: the answers are the same with and without a thread.
 */
export class AheadParser implements Parser {
  private files: Expected | null = null;

  /** @param start starts a thread; null where one would not run beside this one */
  constructor(
    private readonly parser: WasmParser,
    private readonly start: (() => ParserThread) | null,
    private readonly sizes = SIZES,
  ) {}

  elixir<T>(text: string, use: (cst: Cst) => T, prune: Prune | null = null): T {
    const known = this.files?.take("elixir", text);
    return known ? use(this.parser.cstOf("elixir", known)) : this.parser.elixir(text, use, prune);
  }

  heex<T>(text: string, use: (cst: Cst) => T): T {
    const known = this.files?.take("heex", text);
    return known ? use(this.parser.cstOf("heex", known)) : this.parser.heex(text, use);
  }

  expect(files: readonly ExpectedFile[]): ExpectedFiles {
    const size = files.reduce((sum, { text }) => sum + text.length, 0);
    if (!this.start || this.files || size < this.sizes.worthAThread) return this.parser.expect();
    const expected = new Expected(files, this.start(), this.sizes);
    this.files = expected;
    return {
      next: () => expected.next(),
      end: () => {
        this.files = null;
        expected.end();
      },
    };
  }
}

/** The files of one reading: what the thread was asked for, and what it has answered. */
class Expected {
  /** The file that is read now. */
  private current = -1;
  /** The first file that the thread was not asked for. */
  private unasked = 0;
  /** The text between the beginning of `current` and that of `unasked`. */
  private ahead = 0;
  private readonly answers = new Map<number, ParsedFile>();
  /** Of each text as many trees as it was parsed: who is given one may move its nodes. */
  private readonly trees: Record<GrammarName, Map<string, CstNodes[]>> = { elixir: new Map(), heex: new Map() };

  constructor(
    private readonly files: readonly ExpectedFile[],
    private readonly thread: ParserThread,
    private readonly sizes: AheadSizes,
  ) {
    while (this.ahead < sizes.headStart && this.unasked < files.length) this.ahead += this.sizeOf(this.unasked++);
    this.ask();
  }

  next(): void {
    if (this.current >= 0) this.ahead -= this.sizeOf(this.current);
    this.current++;
    this.thread.reach(this.current);
    for (let answer = this.thread.receive(); answer; answer = this.thread.receive()) {
      if (answer.file >= this.current) this.answers.set(answer.file, answer);
    }
    this.unpack();
    if (this.ahead < this.sizes.window - this.sizes.batch) this.ask();
  }

  /** A tree of a text of the current file, each given once. */
  take(grammar: GrammarName, text: string): CstNodes | undefined {
    return this.trees[grammar].get(text)?.pop();
  }

  end(): void {
    this.thread.stop();
  }

  private unpack(): void {
    this.trees.elixir.clear();
    this.trees.heex.clear();
    const answer = this.answers.get(this.current);
    const file = this.files[this.current];
    if (!answer || !file) return;
    this.answers.delete(this.current);
    if (answer.own) this.keep("elixir", file.text, answer.own);
    for (const { grammar, text, nodes } of answer.templates) this.keep(grammar, text, nodes);
  }

  private keep(grammar: GrammarName, text: string, nodes: CstNodes): void {
    const trees = this.trees[grammar];
    const same = trees.get(text);
    if (same) same.push(nodes);
    else trees.set(text, [nodes]);
  }

  private sizeOf(file: number): number {
    return this.files[file]?.text.length ?? 0;
  }

  /** Asks for what the window has room for; never for what has been read by then. */
  private ask(): void {
    if (this.unasked <= this.current) {
      this.unasked = this.current + 1;
      this.ahead = this.sizeOf(this.current);
    }
    const batch: ParseRequest[] = [];
    for (; this.ahead < this.sizes.window; this.unasked++) {
      const next = this.files[this.unasked];
      if (!next) break;
      batch.push({ file: this.unasked, text: next.text, dialect: next.dialect });
      this.ahead += next.text.length;
    }
    if (batch.length > 0) this.thread.request(batch);
  }
}
