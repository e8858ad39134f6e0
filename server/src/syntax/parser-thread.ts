import type { CstNodes } from "./cst.ts";
import { parseFile } from "./parse-file.ts";
import type { ExpectedFile, GrammarName, Parser } from "./parser.ts";

/** A file to parse, by its number among those that are expected. */
export interface ParseRequest extends ExpectedFile {
  readonly file: number;
}

/** A text and its tree: a file's own, or one of a template in it. */
export interface ParsedText {
  readonly grammar: GrammarName;
  readonly text: string;
  readonly nodes: CstNodes;
}

export interface ParsedFile {
  readonly file: number;
  /** The file's own text is left out: the other side has it. */
  readonly own: CstNodes | null;
  readonly templates: readonly ParsedText[];
}

/** Another thread that parses, as the one that reads sees it. */
export interface ParserThread {
  request(files: readonly ParseRequest[]): void;
  /** The file is read now: it and those before are no longer wanted, unless the thread is at it, which is then waited for. */
  reach(file: number): void;
  /** What has been parsed and not been given yet; waits for nothing. */
  receive(): ParsedFile | null;
  stop(): void;
}

/** The other side of a thread: the trees that a first reading of the file will ask for. */
export function answer(request: ParseRequest, parser: Parser): ParsedFile {
  const texts: ParsedText[] = [];
  const recorder: Parser = {
    elixir: (text, use, prune) =>
      parser.elixir(
        text,
        (cst) => {
          texts.push({ grammar: "elixir", text, nodes: cst.nodes() });
          return use(cst);
        },
        prune,
      ),
    heex: (text, use) =>
      parser.heex(text, (cst) => {
        texts.push({ grammar: "heex", text, nodes: cst.nodes() });
        return use(cst);
      }),
    expect: (files) => parser.expect(files),
  };
  parseFile(request, recorder);
  const { file, dialect } = request;
  const [first, ...others] = texts;
  return dialect || !first ? { file, own: null, templates: texts } : { file, own: first.nodes, templates: others };
}

/** What of an answer can be handed over without a copy. */
export function buffersOf({ own, templates }: ParsedFile): ArrayBuffer[] {
  const all = templates.map(({ nodes }) => nodes.data.buffer);
  return own ? [own.data.buffer, ...all] : all;
}
