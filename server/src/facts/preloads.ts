import type { Call, Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";

const NONE: readonly string[] = [];

/**
 * The associations that the calls written in a function preload, each once, and those below others with these: `orders`,
 * `orders.items` and `items.product` of `preload: [orders: [items: :product]]`, which a query or the project's own function is given.
 */
export function preloadsOf(written: readonly Call[]): readonly string[] {
  const preloading = written.filter(
    (call) => call.name === "preload" || keywordValue(call.args.at(-1), "preload") !== null,
  );
  if (preloading.length === 0) return NONE;
  const names = new Set<string>();
  for (const call of preloading) for (const associations of preloadedBy(call)) below(associations, "", names);
  return [...names];
}

/** What a call is given to preload. */
function preloadedBy({ name, args }: Call): readonly Node[] {
  if (name === "preload") return args.slice(1);
  const associations = keywordValue(args.at(-1), "preload");
  return associations ? [associations] : [];
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
