import type { Fix } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { iterationAround } from "../syntax/iteration.ts";

/** Clauses of `from` that `delete_all` takes. */
const ALLOWED = /^(?:where|or_where|join|inner_join|on)$/;

/**
 * `Enum.each(Repo.all(query), &Repo.delete!/1)` is `Repo.delete_all(query)`, but for changesets, callbacks of the schema's
 * library and stale rows, hence a suggestion. Null when the rows do not come straight from a query that may be deleted by.
 */
export const deleteAllInstead: Fix["edits"] = (source) => {
  const call = source.node(source.at);
  const loop = call && loopAround(call);
  const collection = loop?.args[0];
  if (loop?.name !== "each" || collection?.type !== "call" || collection.name !== "all" || collection.args.length !== 1)
    return null;
  const query = collection.args[0];
  if (!query || !deletable(query)) return null;
  const repo = source.text({ start: collection.calleeStart, end: collection.calleeEnd }).replace(/\.all$/, "");
  return [source.replace(loop, `${repo}.delete_all(${source.text(query)})`)];
};

/** The `Enum.each` around a `delete`, which may be `&Repo.delete/1`. */
function loopAround(node: Node): Call | null {
  const around = iterationAround(node)?.node ?? (node.type === "function-reference" ? node.parent : null);
  return around?.type === "call" ? around : null;
}

function deletable(query: Node): boolean {
  if (query.type === "alias") return true;
  if (query.type !== "call" || query.module !== "Ecto.Query" || query.name !== "from") return false;
  const options = query.args[1];
  if (!options) return true;
  if (options.type !== "list") return false;
  return options.items.every(
    (item) => item.type === "pair" && item.key.type === "atom" && ALLOWED.test(item.key.value),
  );
}
