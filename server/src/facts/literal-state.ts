import type { Def, Node } from "../syntax/ast.ts";
import { readsState, slotOf } from "./state-slot.ts";

/**
 * The literal that the state is in a callback's head and on its ways out, as it is written. What a variable of the head
 * stands for may be handed back, and no more. Null where the clause says no literal, more than one, or something else.
 */
export function literalStateOf(def: Def, param: Node, ways: readonly Node[]): string | null {
  const isStart = def.name === "init";
  const name = !isStart && param.type === "variable" ? param.name : null;
  // What `terminate` gives is no state, nor is what `init` gives without starting.
  const counted = ways.filter((way) => def.name !== "terminate" && !(isStart && startsNothing(way)));
  const slots = counted.map(slotOf);
  if (name !== null && readsState(def, name, slots)) return null;
  const made = slots.filter((slot) => name === null || slot?.type !== "variable" || slot.name !== name);
  const said = new Set(made.map((slot) => slot && literalOf(slot)));
  if (!isStart && name === null) said.add(literalOf(param));
  const [only, another] = said;
  return another === undefined ? (only ?? null) : null;
}

/** `:ignore` and `{:stop, reason}` */
function startsNothing(way: Node): boolean {
  if (way.type === "atom") return way.value === "ignore";
  const tag = way.type === "tuple" && way.items.length === 2 ? way.items[0] : undefined;
  return tag?.type === "atom" && tag.value === "stop";
}

/** How a literal is written; null for anything that may be made of something. */
function literalOf(node: Node): string | null {
  switch (node.type) {
    case "atom":
      return `:${node.value}`;
    case "number":
      return node.text;
    case "list":
      return node.items.length === 0 ? "[]" : null;
    case "map":
      return node.items.length === 0 && !node.struct && !node.base ? "%{}" : null;
    default:
      return null;
  }
}
