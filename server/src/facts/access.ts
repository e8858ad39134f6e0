import type { Call, Def, Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { find } from "../syntax/visit.ts";
import { slotOf, stateParameter, waysOut, wholeName } from "./callback.ts";
import type { StateFacts } from "./facts.ts";

const LOOKUP =
  /^(?:(?:Map|Keyword)\.(?:get|fetch!?|has_key\?|keys|values|to_list|take)|MapSet\.(?:member\?|to_list)|Access\.(?:get|fetch)|Kernel\.get_in)$/;
const CHANGE =
  /^(?:(?:Map|Keyword)\.(?:put|delete|drop|merge|replace!?|update!?)|MapSet\.(?:put|delete)|Kernel\.(?:put_in|update_in))$/;

/**
 * Whether a callback only looks something up in the state, or only puts something there or takes it away: one way out, no
 * decision, no other call. Null for everything else.
 */
export function accessOf(def: Def): StateFacts["access"] {
  const index = stateParameter(def);
  const param = index === undefined ? undefined : def.params[index];
  const [message] = def.params;
  const [way, other] = waysOut(def);
  const statements = def.body?.statements ?? [];
  if (!param || !message || !way || other || way.type !== "tuple" || def.guard || def.sections.length > 0) return null;
  if (!/^handle_c/.test(def.name ?? "") || statements.at(-1) !== way || statements.length > 2) return null;
  const held = new Map<string, Node>();
  const [first] = statements;
  if (first && first !== way) {
    if (first.type !== "binary" || first.operator !== "=" || first.left.type !== "variable") return null;
    if (find(first.right, isOther)) return null;
    held.set(first.left.name, first.right);
  }
  const value = (node: Node | null | undefined): Node | null =>
    node?.type === "variable" ? (held.get(node.name) ?? node) : (node ?? null);
  const name = wholeName(param);
  const inState = boundNames(param);
  const isState = (node: Node | null): boolean => node?.type === "variable" && node.name === name;
  const next = value(slotOf(way));
  const [tag, answer] = way.items;
  const replies = tag?.type === "atom" && tag.value === "reply";
  const reply = replies ? value(answer) : null;
  if (!next || (reply && find(reply, isOther))) return null;
  if (isState(next)) return reply && isLookup(reply, inState) ? "get" : null;
  const asked = boundNames(message);
  if (next.type === "variable") return asked.has(next.name) ? "put" : null;
  return isChange(next, isState) && !find(next, isOther) ? "put" : null;
}

function nameOf(call: Call): string {
  return `${call.module ?? "Kernel"}.${call.name}`;
}

/** Anything but a look-up or a change of a collection: another call, an operator, adding to a list. */
function isOther(node: Node): boolean {
  if (node.type === "binary") return node.operator !== "->";
  return node.type === "call" && !LOOKUP.test(nameOf(node)) && !CHANGE.test(nameOf(node));
}

function isLookup(node: Node, inState: ReadonlySet<string>): boolean {
  switch (node.type) {
    case "variable":
      return inState.has(node.name);
    case "field":
    case "access":
      return isLookup(node.object, inState);
    case "call":
      return LOOKUP.test(nameOf(node)) && node.args[0] !== undefined && isLookup(node.args[0], inState);
    default:
      return false;
  }
}

function isChange(node: Node, isState: (node: Node) => boolean): boolean {
  if (node.type === "map") return node.base !== null && isState(node.base);
  if (node.type !== "call" || !CHANGE.test(nameOf(node)) || !node.args[0]) return false;
  return find(node.args[0], isState) !== null;
}
