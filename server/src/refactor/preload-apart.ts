import type { Edit, Fix, FormSource } from "../lint/rule.ts";
import type { Call, List, Node, Pair } from "../syntax/ast.ts";
import { find, visit } from "../syntax/visit.ts";

/**
 * Preloads the named associations by queries of their own: `comments: c` becomes `:comments`, and the join goes when nothing
 * else reads its binding. Null outside of one `from`, and where a binding is used otherwise: the join filters then.
 */
export function preloadApart(names: readonly string[]): Fix["edits"] {
  return (source) => {
    const list = source.node(source.at);
    const pair = list?.parent;
    const options = pair?.parent;
    const from = options?.parent;
    if (list?.type !== "list" || pair?.type !== "pair" || options?.type !== "list" || from?.type !== "call")
      return null;
    if (from.name !== "from" || from.args[1] !== options) return null;
    const filled = list.items.filter((item): item is Pair => item.type === "pair" && isNamed(item, names));
    if (filled.length !== names.length || !filled.every(({ value }) => value.type === "variable")) return null;
    const joins = filled.map(({ value }) => joinOf(value, from, options));
    if (!joins.every((join) => join !== null)) return null;
    const kept = options.items.filter((item) => !joins.includes(item));
    const plain = filled.map((item) => `:${item.key.type === "atom" ? item.key.value : ""}`);
    const rest = list.items.filter((item) => !filled.some((pair) => pair === item)).map((item) => source.text(item));
    // In a list, plain names stand before keys.
    const preload = source.replace(list, `[${[...plain, ...rest].join(", ")}]`);
    return [...removals(source, from, options, kept), preload];
  };
}

function isNamed({ key }: Pair, names: readonly string[]): boolean {
  return key.type === "atom" && names.includes(key.value);
}

/** The `join:` that binds the variable, when the preload alone reads it and the join leaves every row in. */
function joinOf(binding: Node, from: Call, options: List): Node | null {
  if (binding.type !== "variable") return null;
  let uses = 0;
  visit(from, (node) => {
    if (node.type === "variable" && node.name === binding.name) uses++;
  });
  const join = options.items.find(
    (item) =>
      item.type === "pair" &&
      item.key.type === "atom" &&
      /^left(?:_outer)?_join$|^join$|^inner_join$/.test(item.key.value) &&
      item.value.type === "binary" &&
      item.value.left.type === "variable" &&
      item.value.left.name === binding.name &&
      find(item.value.right, (n) => n.type === "call" && n.name === "assoc") !== null,
  );
  const next = join && options.items[options.items.indexOf(join) + 1];
  const continued =
    next?.type === "pair" && next.key.type === "atom" && /^(?:on|as|prefix|hints)$/.test(next.key.value);
  return uses === 2 && join && !continued && join.type === "pair" ? join : null;
}

/** Takes away the options that are not kept, each with the separator before it. */
function removals(source: FormSource, from: Call, options: List, kept: readonly Node[]): Edit[] {
  return options.items.flatMap((item, i) => {
    if (kept.includes(item)) return [];
    const before = options.items[i - 1] ?? from.args[0];
    return before ? [source.replace({ start: before.end, end: item.end }, "")] : [];
  });
}
