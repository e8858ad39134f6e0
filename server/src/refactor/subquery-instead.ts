import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { subselectOf } from "../syntax/subselect.ts";
import { ancestors } from "../syntax/visit.ts";
import { fromTable } from "./from-table.ts";

/**
 * `fragment("EXISTS (SELECT 1 FROM seats WHERE show_id = ?)", s.id)` as `exists(from(…))`, whose condition takes the row outside by
 * `parent_as`; the `from` around it gets the name for that. Null where more is asked than columns, or the row comes by a pipe.
 */
export function subqueryInstead(source: FormSource): readonly Edit[] | null {
  const call = source.node(source.at);
  const sub = call?.type === "call" ? subselectOf(call) : null;
  const { select } = sub ?? {};
  if (call?.type !== "call" || !sub || !select || (!sub.isExists && select.columns.length !== 1)) return null;
  const naming: Edit[] = [];
  const parameters = call.args.slice(1).map((arg) => {
    if (arg.type === "unary" && arg.operator === "^") return source.text(arg);
    const name = arg.type === "field" && arg.object.type === "variable" ? nameOfRow(arg.object.name, call) : null;
    if (arg.type !== "field" || !name) return null;
    if (name.after) naming.push(source.insertAfter(name.after, `, as: :${name.name}`));
    return `parent_as(:${name.name}).${arg.name}`;
  });
  const known = parameters.flatMap((text) => text ?? []);
  const query = known.length === parameters.length ? fromTable(source, sub.table, select, known, "value") : null;
  if (!query) return null;
  const text = sub.isExists ? `${sub.isNegated ? "not " : ""}exists(${query})` : `subquery(${query})`;
  return [...naming.slice(0, 1), source.replace(call, text)];
}

/** The name of the first row of the `from` around, and its source, where the name is to be written after it. */
function nameOfRow(variable: string, call: Call): { readonly name: string; readonly after: Node | null } | null {
  const from = [...ancestors(call)].find((outer) => outer.type === "call" && outer.name === "from");
  const [row, clauses] = from?.type === "call" ? from.args : [];
  if (row?.type !== "binary" || row.operator !== "in" || row.left.type !== "variable") return null;
  const [first] = clauses?.type === "list" ? clauses.items : [];
  if (row.left.name !== variable || first?.type !== "pair" || first.key.type !== "atom") return null;
  if (first.key.value !== "as") return { name: variable, after: row };
  return first.value.type === "atom" ? { name: first.value.value, after: null } : null;
}
