import { Language, type Tree, Parser as TreeSitter } from "web-tree-sitter";
import { Cst, type CstNodes } from "./cst.ts";
import type { ExpectedFiles, GrammarName, Parser, Prune } from "./parser.ts";
import { runtimeOf, TreeWalk } from "./tree-walk.ts";

/** The bytes of the three WebAssembly files that the parser runs on. */
export interface Grammars {
  readonly runtime: Uint8Array;
  readonly elixir: Uint8Array;
  readonly heex: Uint8Array;
}

/** Nodes without children that matter, so that the walk need not try to go down. */
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
  "sigil_name",
  "sigil_modifiers",
  "operator_identifier",
]);

/** Named nodes that nobody asks for: text is read off the source, and a closing tag says nothing more. */
const IGNORED = new Set([
  "quoted_content",
  "escape_sequence",
  "text",
  "doctype",
  "end_tag",
  "end_component",
  "end_slot",
]);

/** Tokens that are kept although the grammar gives them no name: what a binary or unary operator does. */
const OPERATORS = new Set(
  `! != !== & && &&& * ** *** + ++ +++ - -- --- .. / // < <- <<< <<~ <= <> <|> <~ <~> = == === =~ => > >= >>> @ \\\\ ^ ^^^
   and in not |> || ||| | or :: ~> ~>> ~~~ when ...`
    .split(/\s+/)
    .concat("not in"),
);

enum Keep {
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

  constructor(
    language: Language,
    private readonly walk: TreeWalk,
    leaves: ReadonlySet<string>,
    tokens: ReadonlySet<string>,
  ) {
    this.parser.setLanguage(language);
    for (let id = 0; id < language.nodeTypeCount; id++) {
      const kind = language.nodeTypeForId(id) ?? "ERROR";
      const named = language.nodeTypeIsNamed(id);
      this.kinds.push(kind);
      this.keep.push(keepOf(kind, named, leaves, tokens));
    }
  }

  parse<T>(text: string, use: (cst: Cst) => T, prune: Prune | null): T {
    const cst = this.spare.pop() ?? new Cst(this.kinds);
    const tree = this.parser.parse(text) as Tree;
    try {
      cst.clear();
      cst.hasError = tree.rootNode.hasError;
      // A tree with errors is not read: the outline is then taken from the text, and each form parsed by itself.
      if (!cst.hasError) {
        this.walk.begin(addressOf(tree));
        this.copy(cst, prune);
        this.walk.end();
      }
      return use(cst);
    } finally {
      tree.delete();
      this.spare.push(cst);
    }
  }

  /** Copies the walk's node and all below it, without recursion: the nesting may be 10,000 deep. */
  private copy(cst: Cst, prune: Prune | null): void {
    const { walk } = this;
    const open = [cst.open(walk.kind, walk.start, walk.stop)];
    const holds = [prune ? Holds.Forms : Holds.Code];
    let more = walk.down();
    for (;;) {
      if (!more) {
        cst.close(open.pop() as number);
        holds.pop();
        if (open.length === 0) return;
        walk.up();
        more = walk.next();
        continue;
      }
      const kind = walk.kind;
      const keep = this.keep[kind] ?? Keep.Inner;
      if (keep !== Keep.Skip) {
        const { start, stop } = walk;
        const node = cst.open(kind, start, stop);
        const inner = prune ? this.holds(prune, holds.at(-1) as Holds, kind, start, stop) : Holds.Code;
        if (inner === Holds.Nothing) cst.prune(node);
        if (keep === Keep.Inner && inner !== Holds.Nothing && walk.down()) {
          open.push(node);
          holds.push(inner);
          continue;
        }
      }
      more = walk.next();
    }
  }

  private holds(prune: Prune, around: Holds, id: number, start: number, end: number): Holds {
    if (around === Holds.Body) return this.kinds[id] === "do_block" ? Holds.Forms : Holds.Code;
    if (around !== Holds.Forms) return Holds.Code;
    if (this.kinds[id] === "call" && prune.isContainer(start)) return Holds.Body;
    return prune.isKnown(start, end) ? Holds.Nothing : Holds.Code;
  }
}

/** Where the tree lies in WebAssembly memory; web-tree-sitter keeps that under the key 0 of its object. */
function addressOf(tree: Tree): number {
  return (tree as unknown as readonly [number])[0];
}

/** What stands directly below a node. */
enum Holds {
  Forms,
  /** A `do` block that holds forms. */
  Body,
  Code,
  /** Nothing that is wanted. */
  Nothing,
}

function keepOf(kind: string, named: boolean, leaves: ReadonlySet<string>, tokens: ReadonlySet<string>): Keep {
  if (!named) return tokens.has(kind) ? Keep.Leaf : Keep.Skip;
  if (IGNORED.has(kind)) return Keep.Skip;
  return leaves.has(kind) ? Keep.Leaf : Keep.Inner;
}

const HEEX_LEAVES = new Set(["tag_name", "module", "function", "attribute_name", "special_attribute_name"]);
const NO_TOKENS: ReadonlySet<string> = new Set();

/** An `end` too many is a variable to the grammar. It closes a module early, so what is left over stands at the top. */
function hasStrayEnd(cst: Cst, text: string): boolean {
  if (cst.hasError) return false;
  return cst
    .children(0)
    .some((node) => cst.kind(node) === "identifier" && text.slice(cst.start(node), cst.end(node)) === "end");
}

/** Nothing is parsed before it is asked for. */
const NO_EXPECTATION: ExpectedFiles = { next() {}, end() {} };

/**
 * Parses Elixir and HEEx when asked to. The only owner of WebAssembly objects: each is freed before a call returns, and
 * what leaves is a `Cst` of plain numbers, valid only inside the `use` callback (the next parse fills it anew).
 */
export class WasmParser implements Parser {
  private constructor(private readonly grammars: Readonly<Record<GrammarName, Grammar>>) {}

  /** @throws Error when a file is no WebAssembly or a grammar has another ABI than web-tree-sitter reads. */
  static async load(grammars: Grammars): Promise<WasmParser> {
    const runtime = runtimeOf(grammars.runtime);
    const started = TreeSitter.init({ instantiateWasm: runtime.instantiate, locateFile: (name: string) => name });
    const walk = new TreeWalk(await runtime.functions);
    await started;
    const elixir = await Language.load(grammars.elixir);
    const heex = await Language.load(grammars.heex);
    return new WasmParser({
      elixir: new Grammar(elixir, walk, LEAVES, OPERATORS),
      heex: new Grammar(heex, walk, HEEX_LEAVES, NO_TOKENS),
    });
  }

  elixir<T>(text: string, use: (cst: Cst) => T, prune: Prune | null = null): T {
    const checked = (cst: Cst): T => {
      if (hasStrayEnd(cst, text)) {
        cst.clear();
        cst.hasError = true;
      }
      return use(cst);
    };
    return this.grammars.elixir.parse(text, checked, prune);
  }

  heex<T>(text: string, use: (cst: Cst) => T): T {
    return this.grammars.heex.parse(text, use, null);
  }

  expect(): ExpectedFiles {
    return NO_EXPECTATION;
  }

  /** A tree that another parser of the same grammar made, as `elixir` and `heex` give it. */
  cstOf(grammar: GrammarName, nodes: CstNodes): Cst {
    return new Cst(this.grammars[grammar].kinds, nodes);
  }
}
