import { Language, type Node, type Tree, Parser as TreeSitter, type TreeCursor } from "web-tree-sitter";
import { Cst } from "./cst.ts";

/** The bytes of the three WebAssembly files that the parser runs on. */
export interface Grammars {
  readonly runtime: Uint8Array;
  readonly elixir: Uint8Array;
  readonly heex: Uint8Array;
}

/** Nodes without children that matter, so that the cursor need not try to go down. */
const LEAVES = new Set([
  "identifier",
  "alias",
  "atom",
  "integer",
  "float",
  "char",
  "boolean",
  "nil",
  "keyword",
  "comment",
  "quoted_content",
  "escape_sequence",
  "sigil_name",
  "sigil_modifiers",
  "operator_identifier",
]);

/** Tokens that are kept although the grammar gives them no name: what a binary or unary operator does. */
const OPERATORS = new Set(
  `! != !== & && &&& * ** *** + ++ +++ - -- --- .. / // < <- <<< <<~ <= <> <|> <~ <~> = == === =~ => > >= >>> @ \\\\ ^ ^^^
   and in not |> || ||| | or :: ~> ~>> ~~~ when ...`
    .split(/\s+/)
    .concat("not in"),
);

const enum Keep {
  Skip,
  Leaf,
  Inner,
}

/** A grammar with what the walk needs to know of each of its node types. */
class Grammar {
  readonly kinds: string[] = [];
  private readonly keep: Keep[] = [];
  private readonly parser = new TreeSitter();
  private readonly spare: Cst[] = [];

  constructor(language: Language, leaves: ReadonlySet<string>, tokens: ReadonlySet<string>) {
    this.parser.setLanguage(language);
    for (let id = 0; id < language.nodeTypeCount; id++) {
      const kind = language.nodeTypeForId(id) ?? "ERROR";
      const named = language.nodeTypeIsNamed(id);
      this.kinds.push(kind);
      this.keep.push(named ? (leaves.has(kind) ? Keep.Leaf : Keep.Inner) : tokens.has(kind) ? Keep.Leaf : Keep.Skip);
    }
  }

  parse<T>(text: string, use: (cst: Cst) => T): T {
    const cst = this.spare.pop() ?? new Cst(this.kinds);
    const tree = this.parser.parse(text) as Tree;
    try {
      const root: Node = tree.rootNode;
      cst.clear();
      cst.hasError = root.hasError;
      const cursor = tree.walk();
      this.copy(cursor, cst, cst.open(cursor.nodeTypeId, cursor.startIndex, cursor.endIndex));
      cursor.delete();
      return use(cst);
    } finally {
      tree.delete();
      this.spare.push(cst);
    }
  }

  /** Copies everything below the cursor's node in one walk, without recursion: the nesting may be 10,000 deep. */
  private copy(cursor: TreeCursor, cst: Cst, root: number): void {
    const open = [root];
    let down = cursor.gotoFirstChild();
    while (open.length > 0) {
      if (!down) {
        cst.close(open.pop() as number);
        if (open.length === 0) return;
        cursor.gotoParent();
        down = cursor.gotoNextSibling();
        continue;
      }
      const id = cursor.nodeTypeId;
      const missing = cst.hasError && cursor.nodeIsMissing;
      const keep = missing ? Keep.Leaf : (this.keep[id] ?? Keep.Inner);
      if (keep !== Keep.Skip) {
        const node = cst.open(missing ? -1 : id, cursor.startIndex, cursor.endIndex);
        if (keep === Keep.Inner && cursor.gotoFirstChild()) {
          open.push(node);
          continue;
        }
      }
      down = cursor.gotoNextSibling();
    }
  }
}

const HEEX_LEAVES = new Set(["text", "tag_name", "module", "function", "attribute_name", "special_attribute_name"]);
const NO_TOKENS: ReadonlySet<string> = new Set();

/**
 * Parses Elixir and HEEx. The only owner of WebAssembly objects: each is freed before a call returns, and what
 * leaves is a `Cst` of plain numbers, valid only inside the `use` callback (the next parse fills it anew).
 */
export class Parser {
  private constructor(
    private readonly elixirGrammar: Grammar,
    private readonly heexGrammar: Grammar,
  ) {}

  /** @throws Error when a file is no WebAssembly or a grammar has another ABI than web-tree-sitter reads. */
  static async load(grammars: Grammars): Promise<Parser> {
    await TreeSitter.init({ wasmBinary: grammars.runtime, locateFile: (name: string) => name });
    const elixir = await Language.load(grammars.elixir);
    const heex = await Language.load(grammars.heex);
    return new Parser(new Grammar(elixir, LEAVES, OPERATORS), new Grammar(heex, HEEX_LEAVES, NO_TOKENS));
  }

  /** Gives the syntax tree of Elixir source to `use` and returns what that returns. Never throws on bad text. */
  elixir<T>(text: string, use: (cst: Cst) => T): T {
    return this.elixirGrammar.parse(text, use);
  }

  /** As `elixir`, for a HEEx template. */
  heex<T>(text: string, use: (cst: Cst) => T): T {
    return this.heexGrammar.parse(text, use);
  }
}
