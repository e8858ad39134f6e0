import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { ancestors } from "../syntax/visit.ts";
import { addClauses, bodyOf, clausesIn } from "./callback-clauses.ts";

/** Functions that add a pid, where it stands among their arguments, and what takes it away again. */
const REMOVALS = new Map([
  ["MapSet.put", "MapSet.delete"],
  ["Map.put", "Map.delete"],
  ["Map.put_new", "Map.delete"],
]);

/**
 * Monitors the pid before the call or list that the diagnostic is on, and adds a clause of `handle_info` that takes it away
 * when its process ends. Null where the collection is neither the state nor a field of it.
 */
export function monitorPid(source: FormSource, pid: string): readonly Edit[] | null {
  const { ast } = source;
  const put = source.node(source.at);
  if (ast.type !== "def" || !ast.body || !put || bodyOf(source, ast)?.inline !== false) return null;
  const parts = partsOf(put, pid);
  const state = ast.params.at(-1);
  const name = state?.type === "binary" ? state.right : state;
  if (!parts || name?.type !== "variable") return null;
  const place = placeOf(parts.collection, name.name);
  const statement = [put, ...ancestors(put)].find(({ parent }) => parent?.type === "block");
  if (!place || !statement) return null;
  const indent = source.indentation(ast);
  const left = `${parts.removal}(${source.text(parts.collection)}, pid)`;
  const next = place.field === null ? left : `%{${name.name} | ${place.field}: ${left}}`;
  const clause = `def handle_info({:DOWN, _ref, :process, pid, _reason}, ${name.name}) do\n${indent}  {:noreply, ${next}}\n${indent}end`;
  const added = beforeCatchAll(source, clause) ?? addClauses(source, "handle_info", 2, [clause]);
  const monitor = `Process.monitor(${pid})\n${source.indentation(statement)}`;
  return added && [source.insertBefore(statement, monitor), added];
}

/** The collection that gets the pid, and the function that takes it away. */
function partsOf(put: Node, pid: string): { collection: Node; removal: string } | null {
  if (put.type === "list") {
    const cons = put.items[0];
    const isPid = cons?.type === "binary" && cons.left.type === "variable" && cons.left.name === pid;
    return isPid && put.items.length === 1 ? { collection: cons.right, removal: "List.delete" } : null;
  }
  const call: Call | null = put.type === "call" && !put.piped ? put : null;
  const removal = REMOVALS.get(`${call?.module}.${call?.name}`);
  const [collection, key] = call?.args ?? [];
  if (!collection || !removal || key?.type !== "variable" || key.name !== pid) return null;
  return { collection, removal };
}

/** Whether the collection is the state or a field of it; null where it is anything else. */
function placeOf(collection: Node, state: string): { readonly field: string | null } | null {
  if (collection.type === "variable") return collection.name === state ? { field: null } : null;
  const isField = collection.type === "field" && collection.object.type === "variable";
  return isField && collection.object.name === state ? { field: collection.name } : null;
}

/** The clause before the one for any other message, which would take it in. */
function beforeCatchAll(source: FormSource, clause: string): Edit | null {
  const rest = clausesIn(source, "handle_info", 2).find(({ def }) => def.params[0]?.type === "variable");
  return rest ? rest.source.insertBefore(rest.def, `${clause}\n\n${source.indentation(source.ast)}`) : null;
}
