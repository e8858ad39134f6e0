import type { Fix } from "../lint/rule.ts";
import type { Node } from "../syntax/ast.ts";
import { isAtom } from "../syntax/literals.ts";
import { waysOut } from "../syntax/non-result.ts";
import { ancestors } from "../syntax/visit.ts";

/** What stands in `{:ok, …}`; null for anything else. */
export function okValue(node: Node): Node | null {
  return node.type === "tuple" && node.items.length === 2 && isAtom(node.items[0], "ok")
    ? (node.items[1] ?? null)
    : null;
}

/** Puts the value of the way out into `{:ok, …}`, and in a map of one key where it is to be one. */
export function returned(key: string | null): Fix["edits"] {
  const [open, close] = key === null ? ["", ""] : [`%{${key}: `, "}"];
  return (source) => {
    const node = source.node(source.at);
    if (!node || (node.type === "call" && !node.parens)) return null;
    const held = okValue(node);
    if (held) return [source.insertBefore(held, open), source.insertAfter(held, close)];
    return [source.insertBefore(node, `{:ok, ${open}`), source.insertAfter(node, `${close}}`)];
  };
}

/** Gives `reset: true` with the rows, for the one among the options of `stream_async` that is pointed at. */
export const resetRows: Fix["edits"] = (source) => {
  const value = source.node(source.at);
  const call = [...(value ? ancestors(value) : [])].find((node) => node.type === "call");
  if (call?.type !== "call") return null;
  const held = waysOut(call.args[2]).flatMap((way) => okValue(way) ?? []);
  return held.map((rows) => source.insertAfter(rows, ", reset: true"));
};
