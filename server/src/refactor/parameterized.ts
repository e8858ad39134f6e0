import type { Edit, FormSource } from "../lint/rule.ts";
import { find } from "../syntax/visit.ts";

/**
 * `'#{name}'` in the SQL of the call that the diagnostic is on as a parameter: `$1` or `?`. Null where the text is not
 * written out in the call, where something else is interpolated, and where the list of parameters is computed.
 */
export function parameterized(source: FormSource, style: "$" | "?"): Edit[] | null {
  const call = find(source.ast, (n) => n.type === "call" && n.ownStart === source.at.start && n.end === source.at.end);
  if (call?.type !== "call") return null;
  const index = call.args.findIndex((arg) => arg.type === "string" && arg.value === null);
  const sql = call.args[index];
  const given = call.args[index + 1];
  if (sql?.type !== "string" || (given && (given.type !== "list" || given.bare))) return null;
  const before = given?.type === "list" ? given.items.map((item) => source.text(item)) : [];
  const values: string[] = [];
  let [text, at] = ["", sql.start];
  for (const part of sql.parts) {
    const isQuoted =
      source.between(part.start - 3, part.start) === "'#{" && source.between(part.end, part.end + 2) === "}'";
    if (!isQuoted) return null;
    values.push(source.text(part));
    text += source.between(at, part.start - 3) + (style === "$" ? `$${before.length + values.length}` : "?");
    at = part.end + 2;
  }
  // What stands before in the text has its place in the list before, which only numbers can say.
  if (style === "?" && before.length > 0) return null;
  const list = `[${[...before, ...values].join(", ")}]`;
  const edit = source.replace(sql, text + source.between(at, sql.end));
  if (!given && call.piped && index === 0) return null;
  return [edit, given ? source.replace(given, list) : source.insertAfter(sql, `, ${list}`)];
}
