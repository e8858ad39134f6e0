import type { Def, Node } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";
import { headAndTail } from "./constructs.ts";

/** The `head` that a function takes off its list, `[head | tail]`, when it calls itself with the tail; null for any other. */
export function recursionHead(def: Def): Node | null {
  const list = def.params.findIndex((param) => param.type === "list" && headAndTail(param) !== null);
  const taken = def.params[list];
  const parts = taken ? headAndTail(taken) : null;
  if (!parts || !def.body || def.name === null) return null;
  const again = (node: Node): boolean => {
    if (node.type !== "call" || node.module !== null || node.name !== def.name) return false;
    const rest = node.args.length === def.params.length ? node.args[list] : undefined;
    return rest?.type === "variable" && rest.name === parts.tail;
  };
  return find(def.body, again) ? parts.head : null;
}
