import type { Def, Node } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";

/** Which element of a returned tuple is the next state; by tag and size. */
const STATE_SLOT = new Map([
  ["reply/3", 2],
  ["reply/4", 2],
  ["noreply/2", 1],
  ["noreply/3", 1],
  ["stop/3", 2],
  ["stop/4", 3],
  ["ok/2", 1],
  ["ok/3", 1],
]);

/** The node in the state's place of a returned tuple; null when the tail is no such tuple. */
export function slotOf(node: Node): Node | null {
  if (node.type !== "tuple") return null;
  const tag = node.items[0];
  const slot = tag?.type === "atom" ? STATE_SLOT.get(`${tag.value}/${node.items.length}`) : undefined;
  return slot === undefined ? null : (node.items[slot] ?? null);
}

/** True when the variable that a callback's state is occurs in it anywhere but in those places of returned tuples. */
export function readsState(def: Def, state: string, slots: readonly (Node | null)[]): boolean {
  let isRead = false;
  for (const part of [def.guard, def.body, ...def.sections]) {
    if (!part) continue;
    visit(part, (node) => {
      if (node.type === "variable" && node.name === state && !slots.includes(node)) isRead = true;
      if (node.type === "call" && node.module === null && node.name === "binding") isRead = true;
    });
  }
  return isRead;
}
