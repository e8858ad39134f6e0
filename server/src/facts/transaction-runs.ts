import type { Call, Def, Node } from "../syntax/ast.ts";
import { boundValues } from "../syntax/binding.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { TransactionRun } from "./facts.ts";

const NONE: readonly TransactionRun[] = [];

/** The calls of `Repo.transaction` in a function whose first argument is known for what it is; `text` is that of its form. */
export function transactionRunsOf(def: Def, text: string, anchors: Anchors): readonly TransactionRun[] {
  if (!def.body || !/\btransaction\b/.test(text)) return NONE;
  const out: TransactionRun[] = [];
  visit(def.body, (node) => {
    const run = node.type === "call" ? runOf(node) : null;
    if (node.type !== "call" || !run || node.module === null) return;
    out.push({ at: anchors.add({ start: node.ownStart, end: node.end }), module: node.module, of: run });
  });
  return out.length > 0 ? out : NONE;
}

function runOf({ name, remote, args }: Call): TransactionRun["of"] | null {
  const [work] = args;
  if (name !== "transaction" || !remote || !work || args.length > 2) return null;
  if (work.type === "fn" || work.type === "capture" || work.type === "function-reference") return "function";
  return isMulti(work) ? "multi" : null;
}

/** True for a pipeline of `Ecto.Multi`, and for a variable that only stands for such. */
function isMulti(node: Node): boolean {
  if (node.type === "call") return node.module === "Ecto.Multi" && node.name !== "to_list";
  if (node.type !== "variable") return false;
  const values = boundValues(node, node.name);
  return values.length > 0 && values.every((value) => value.type === "call" && isMulti(value));
}
