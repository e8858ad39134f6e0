import type { Call, Node } from "../syntax/ast.ts";
import { boundValues } from "../syntax/binding.ts";
import { isClosure } from "../syntax/closure.ts";
import type { Anchors } from "./anchors.ts";
import type { TransactionRun } from "./facts.ts";

const NONE: readonly TransactionRun[] = [];

/** The calls of `Repo.transaction` among those written in a function whose first argument is known for what it is. */
export function transactionRunsOf(written: readonly Call[], anchors: Anchors): readonly TransactionRun[] {
  const out: TransactionRun[] = [];
  for (const call of written) {
    const run = runOf(call);
    if (!run || call.module === null) continue;
    out.push({ at: anchors.add({ start: call.ownStart, end: call.end }), module: call.module, of: run });
  }
  return out.length > 0 ? out : NONE;
}

function runOf({ name, remote, args }: Call): TransactionRun["of"] | null {
  const [work] = args;
  if (name !== "transaction" || !remote || !work || args.length > 2) return null;
  if (isClosure(work)) return "function";
  return isMulti(work) ? "multi" : null;
}

/** True for a pipeline of `Ecto.Multi`, and for a variable that only stands for such. */
function isMulti(node: Node): boolean {
  if (node.type === "call") return node.module === "Ecto.Multi" && node.name !== "to_list";
  if (node.type !== "variable") return false;
  const values = boundValues(node, node.name);
  return values.length > 0 && values.every((value) => value.type === "call" && isMulti(value));
}
