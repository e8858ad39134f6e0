import type { Call, Def, Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { find, mentions } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { Ordinal } from "./facts.ts";

/**
 * Where a `handle_info` asks whether a message is meant for its process: `if id == socket.assigns.shop.id do … end` is all that
 * it does. Null for all other functions.
 */
export function filterOf(def: Def, anchors: Anchors): Ordinal | null {
  const [message, own] = def.params;
  const only = def.body?.statements.length === 1 ? def.body.statements[0] : undefined;
  if (def.name !== "handle_info" || !message || !own || only?.type !== "call" || only.module !== null) return null;
  const condition = only.args[0];
  if (!/^(?:if|unless)$/.test(only.name) || !condition || !givesBack(only, boundNames(own))) return null;
  const names = boundNames(message);
  const compares = find(condition, (n) => {
    if (n.type !== "binary" || (n.operator !== "==" && n.operator !== "!=")) return false;
    const [left, right] = [mentions(n.left, names), mentions(n.right, names)];
    return left !== right && isKept(left ? n.right : n.left, boundNames(own));
  });
  return compares ? anchors.add(condition) : null;
}

/** A part of the socket or the state. */
function isKept(node: Node, own: ReadonlySet<string>): boolean {
  return (node.type === "field" || node.type === "access") && mentions(node, own);
}

/** True when one way through it only hands back what it got. */
function givesBack({ sections }: Call, own: ReadonlySet<string>): boolean {
  return sections.some(({ body }) => {
    const [only] = body?.statements.length === 1 ? body.statements : [];
    const value = only?.type === "tuple" ? only.items[1] : undefined;
    return value?.type === "variable" && own.has(value.name);
  });
}
