import type { FormSource } from "../lint/rule.ts";
import type { SimpleSelect, SqlValue } from "../syntax/simple-sql.ts";
import { find } from "../syntax/visit.ts";

/**
 * A simple `SELECT` as `from(row in "table", …)`, without schema; `parameters` are what stands for `$1`, `$2`… in the query. Its rows
 * are lists, single values for `only: "value"`. Null where a parameter is not given.
 */
export function fromTable(
  source: FormSource,
  table: string,
  select: SimpleSelect,
  parameters: readonly string[],
  only?: "value",
): string | null {
  const row = table.slice(0, 1).toLowerCase();
  const used = find(source.ast, (n) => n.type === "variable" && n.name === row) ? `${row}0` : row;
  let known = true;
  const written = (value: SqlValue): string => {
    if ("literal" in value) return value.literal;
    const text = parameters[value.parameter - 1];
    if (text === undefined) known = false;
    return text ?? "";
  };
  const conditions = select.where.map(({ column, operator, value }) => {
    const field = `${used}.${column}`;
    if (!value) return operator === "IS NULL" ? `is_nil(${field})` : `not is_nil(${field})`;
    return `${field} ${operator === "=" ? "==" : operator === "<>" ? "!=" : operator} ${written(value)}`;
  });
  const order = select.order.map(({ column, descending }) => `${descending ? "desc" : "asc"}: ${used}.${column}`);
  const columns = select.columns.map((column) => `${used}.${column}`);
  const parts = [
    `${used} in "${table}"`,
    ...(conditions.length > 0 ? [`where: ${conditions.join(" and ")}`] : []),
    ...(order.length > 0 ? [`order_by: [${order.join(", ")}]`] : []),
    ...(select.limit ? [`limit: ${written(select.limit)}`] : []),
    `select: ${columns.length === 0 ? "1" : only ? columns[0] : `[${columns.join(", ")}]`}`,
  ];
  return known ? `from(${parts.join(", ")})` : null;
}
