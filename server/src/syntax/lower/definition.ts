import type { Node, Section } from "../ast.ts";
import { make } from "../make.ts";
import type { Lowering } from "./lowering.ts";
import { addArguments } from "./sections.ts";

const DEFINITIONS = new Set(["def", "defp", "defmacro", "defmacrop", "defguard", "defguardp", "defdelegate"]);

/** True for the macros that define functions, macros and guards. */
export function isDefinition(name: string): boolean {
  return DEFINITIONS.has(name);
}

/** One clause of a function; `argumentsAt` and `blockAt` are -1 where there are none. */
export function lowerDefinition(
  lowering: Lowering,
  i: number,
  keyword: string,
  argumentsAt: number,
  blockAt: number,
): Node {
  const args: Node[] = [];
  const sections: Section[] = [];
  const head = argumentsAt < 0 ? undefined : lowering.cst.children(argumentsAt)[0];
  addArguments(lowering, argumentsAt, blockAt, args, sections);
  const first = args[0];
  if (!first || head === undefined) return lowering.unknown(i);
  const guarded = first.type === "binary" && first.operator === "when" ? first : null;
  const signature = guarded ? guarded.left : first;
  const { name, params } = signatureOf(signature);
  const main = sections.find((s) => s.name === "do");
  return make({
    type: "def",
    parent: null,
    start: lowering.start(i),
    end: lowering.end(i),
    keyword,
    name,
    nameStart: signature.start,
    params,
    guard: guarded ? guarded.right : null,
    body: main?.body ?? null,
    sections: sections.filter((s) => s !== main),
    options: args[1] ?? null,
  });
}

function signatureOf(node: Node): { name: string | null; params: Node[] } {
  switch (node.type) {
    case "variable":
      return { name: node.name, params: [] };
    case "call":
      return { name: node.name === "" || node.target ? null : node.name, params: node.args };
    case "binary":
      return { name: node.operator, params: [node.left, node.right] };
    case "unary":
      return { name: node.operator, params: [node.operand] };
    default:
      return { name: null, params: [] };
  }
}
