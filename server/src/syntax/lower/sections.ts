import type { Block, Node, Section } from "../ast.ts";
import { make } from "../make.ts";
import { hasClauses, lowerBlock, lowerClauses } from "./blocks.ts";
import type { Lowering } from "./lowering.ts";

const SECTIONS = new Set(["do", "else", "rescue", "catch", "after"]);

/** What a call is given in both ways of writing it: arguments, and a `do` block. Each is -1 where there is none. */
export function addArguments(
  lowering: Lowering,
  argumentsAt: number,
  blockAt: number,
  args: Node[],
  sections: Section[],
): void {
  if (argumentsAt >= 0) addWritten(lowering, argumentsAt, args, sections);
  if (blockAt >= 0) sections.push(...blockSections(lowering, blockAt));
}

/** Adds the arguments; `do: x, else: y` among the keywords become sections. */
function addWritten(lowering: Lowering, i: number, into: Node[], sections: Section[]): void {
  const { cst } = lowering;
  for (const child of cst.children(i)) {
    if (cst.kind(child) !== "keywords" || !hasDo(lowering, child)) {
      into.push(lowering.node(child));
      continue;
    }
    const rest: Node[] = [];
    for (const pair of cst.children(child)) {
      const node = lowering.node(pair);
      if (node.type !== "pair" || node.key.type !== "atom" || !SECTIONS.has(node.key.value)) rest.push(node);
      else sections.push(keywordSection(node.key.value, node.value, node, isInParentheses(lowering, pair)));
    }
    const [first] = rest;
    const last = rest.at(-1);
    if (first && last)
      into.push(make({ type: "list", parent: null, start: first.start, end: last.end, items: rest, bare: true }));
  }
}

function hasDo(lowering: Lowering, keywords: number): boolean {
  const { cst } = lowering;
  return cst.children(keywords).some((pair) => {
    const key = cst.first(pair);
    return key >= 0 && cst.kind(key) === "keyword" && /^do:\s*$/.test(lowering.source(key));
  });
}

/** True for `key: (…)`. */
function isInParentheses({ cst }: Lowering, pair: number): boolean {
  const value = cst.children(pair)[1];
  return value !== undefined && cst.kind(value) === "block";
}

function keywordSection(name: string, value: Node, { start, end }: Node, inParentheses: boolean): Section {
  // `else: (_ -> x)`
  const clauses = inParentheses && value.type === "fn" ? value.clauses : null;
  if (clauses)
    return make<Section>({ type: "section", parent: null, start, end, name, body: null, clauses, block: false });
  const body =
    value.type === "block"
      ? value
      : make<Block>({ type: "block", parent: null, start: value.start, end: value.end, statements: [value] });
  return make<Section>({ type: "section", parent: null, start, end, name, body, clauses: [], block: false });
}

/** The sections of `do … else … end`. */
function blockSections(lowering: Lowering, doBlock: number): Section[] {
  const { cst } = lowering;
  const out: Section[] = [];
  const main: number[] = [];
  for (const child of cst.children(doBlock)) {
    const name = /^(after|rescue|catch|else)_block$/.exec(cst.kind(child))?.[1];
    if (name) out.push(blockSection(lowering, name, cst.children(child), child));
    else main.push(child);
  }
  out.unshift(blockSection(lowering, "do", main, doBlock));
  return out;
}

function blockSection(lowering: Lowering, name: string, nodes: readonly number[], around: number): Section {
  const isClauses = hasClauses(lowering, nodes);
  return make<Section>({
    type: "section",
    parent: null,
    start: lowering.start(around),
    end: lowering.trimmedEnd(around),
    name,
    body: isClauses ? null : lowerBlock(lowering, nodes, around),
    clauses: isClauses ? lowerClauses(lowering, nodes) : [],
    block: true,
  });
}
