import type { Fix } from "../lint/rule.ts";
import type { Call, Clause, Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";
import { iterationAround } from "../syntax/iteration.ts";
import { find } from "../syntax/visit.ts";

/**
 * `Enum.map(users, fn user -> Map.put(user, :posts, Repo.all(from p in Post, where: p.user_id == ^user.id)) end)`, where
 * a schema declares that association with that key, is `Repo.preload(users, :posts)`. Order within the association may
 * differ, hence a suggestion.
 */
export function preloadInstead(hasAssociation: (name: string, schema: string, key: string) => boolean): Fix["edits"] {
  return (source) => {
    const query = source.node(source.at);
    const loop = query && iterationAround(query);
    const clause = loop?.kind === "Enum.map" && loop.body.type === "fn" ? loop.body.clauses[0] : undefined;
    const element = clause?.patterns[0];
    const put = clause && putAssociation(clause);
    if (!loop || query?.type !== "call" || element?.type !== "variable" || !put || put.struct !== element.name)
      return null;
    const condition = keyCondition(query, element.name);
    if (!condition || !hasAssociation(put.association, condition.schema, condition.key)) return null;
    const repo = source.text({ start: query.calleeStart, end: query.calleeEnd }).replace(/\.\w+[!?]?$/, "");
    const preload = `${repo}.preload(${loop.node.piped ? "" : `${source.text(loop.collection)}, `}:${put.association})`;
    return [source.replace({ start: loop.node.ownStart, end: loop.node.end }, preload)];
  };
}

/** `Map.put(struct, :association, …)` or `%{struct | association: …}` as what the closure evaluates to. */
function putAssociation(clause: Clause): { struct: string; association: string } | null {
  const last = clause.body.statements.at(-1);
  if (last?.type === "call" && last.module === "Map" && last.name === "put") {
    const [struct, key] = last.args;
    return struct?.type === "variable" && key?.type === "atom" ? { struct: struct.name, association: key.value } : null;
  }
  const item = last?.type === "map" && last.items.length === 1 ? last.items[0] : undefined;
  if (last?.type !== "map" || last.base?.type !== "variable" || item?.type !== "pair" || item.key.type !== "atom")
    return null;
  return { struct: last.base.name, association: item.key.value };
}

/** The schema and the key of a query that has `where: x.key == ^element.id` and no other condition. */
function keyCondition(query: Call, element: string): { schema: string; key: string } | null {
  const from = find(query, (n): n is Call => n.type === "call" && n.module === "Ecto.Query" && n.name === "from");
  const options = from?.args[1];
  const where = keywordValue(options, "where");
  const source = from?.args[0];
  if (options?.type !== "list" || options.items.length !== 1 || where?.type !== "binary" || where.operator !== "==")
    return null;
  if (source?.type !== "binary" || source.right.type !== "alias") return null;
  const { left, right } = where;
  return left.type === "field" && isPinnedId(right, element) ? { schema: source.right.module, key: left.name } : null;
}

function isPinnedId(node: Node, element: string): boolean {
  if (node.type !== "unary" || node.operator !== "^" || node.operand.type !== "field") return false;
  const { object, name } = node.operand;
  return name === "id" && object.type === "variable" && object.name === element;
}
