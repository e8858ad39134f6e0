import type { Def, Node, Variable } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";
import type { QueryShape } from "./facts.ts";

/** What may be said of the rows of any table. */
const OF_ANY_TABLE = /^(?:limit|offset|order_by)$/;
/** The columns that every table has. */
const SHARED = /^(?:id|inserted_at|updated_at)$/;

/**
 * The body of a function that orders or limits any query that it is given, with parameters as `p0`, `p1` and all other variables as
 * `x0`, `x1`: the same text says the same. Null for all other functions. `text` is that of the form.
 * @param gives the query that the function gives
 */
export function composedQuery(def: Def, gives: QueryShape | null, text: string): string | null {
  if (!gives || def.keyword !== "def" || def.guard || !def.body || gives.through.length > 0) return null;
  if (gives.from?.kind !== "variable" || gives.says.length === 0) return null;
  if (!gives.says.every((part) => OF_ANY_TABLE.test(part))) return null;
  const names = new Map<string, string>();
  for (const param of def.params) {
    const name = param.type === "binary" ? param.left : param;
    // One of several clauses, each for a value of its own.
    if (name.type !== "variable") return null;
    names.set(name.name, `p${names.size}`);
  }
  if (names.get(gives.from.name) !== "p0") return null;
  const { body } = def;
  const variables: Variable[] = [];
  let isOfAny = true;
  visit(body, (node) => {
    if (node.type === "variable") variables.push(node);
    else if (isOfOneTable(node)) isOfAny = false;
  });
  if (!isOfAny) return null;
  let at = body.start;
  let out = "";
  for (const { name, start, end } of variables.sort((a, b) => a.start - b.start)) {
    if (!names.has(name)) names.set(name, `x${names.size}`);
    out += text.slice(at, start) + names.get(name);
    at = end;
  }
  const said = out + text.slice(at, body.end);
  return said.replace(/#.*/g, "").replace(/\s+/g, " ").trim();
}

/** True for `x.published_at`, `desc: :published_at`, `limit: 10` and whatever a function says: that is of one table. */
function isOfOneTable(node: Node): boolean {
  switch (node.type) {
    case "field":
      return !SHARED.test(node.name);
    case "atom":
      return !(node.parent?.type === "pair" && node.parent.key === node) && !SHARED.test(node.value);
    case "call":
      return node.module !== "Ecto.Query";
    default:
      return node.type === "number" || node.type === "string";
  }
}
