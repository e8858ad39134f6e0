import type { Def, Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";
import { visit } from "../syntax/visit.ts";

const NONE: readonly string[] = [];

/**
 * The associations that a function preloads, each once, and those below others with these: `orders`, `orders.items` and
 * `items.product` of `preload: [orders: [items: :product]]`. `text` is that of its form.
 */
export function preloadsOf(def: Def, text: string): readonly string[] {
  if (!def.body || !text.includes("preload")) return NONE;
  const names = new Set<string>();
  visit(def.body, (node) => {
    if (node.type !== "call") return;
    if (node.name === "preload") for (const arg of node.args.slice(1)) below(arg, "", names);
    else if (node.module === "Ecto.Query" && node.name === "from") {
      const given = keywordValue(node.args[1], "preload");
      if (given) below(given, "", names);
    }
  });
  return names.size > 0 ? [...names] : NONE;
}

/** @param owner the association that it is preloaded below, with a point; empty at the top */
function below(node: Node, owner: string, names: Set<string>): void {
  switch (node.type) {
    case "attribute":
      if (node.value) below(node.value, owner, names);
      return;
    case "binary":
      // `preload: [seller: @names ++ [:address]]`
      below(node.left, owner, names);
      below(node.right, owner, names);
      return;
    case "atom":
      names.add(owner + node.value);
      return;
    case "tuple":
      // `orders: {query, [:items]}`
      if (node.items[1]) below(node.items[1], owner, names);
      return;
    case "list":
      for (const item of node.items) below(item, owner, names);
      return;
    case "pair":
      if (node.key.type !== "atom") return;
      names.add(owner + node.key.value);
      below(node.value, `${node.key.value}.`, names);
      return;
    default:
      return;
  }
}
