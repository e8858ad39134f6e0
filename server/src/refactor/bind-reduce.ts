import type { Edit, FormSource } from "../lint/rule.ts";
import type { Binary, Call, Node } from "../syntax/ast.ts";
import { find } from "../syntax/visit.ts";

/**
 * `name = Enum.reduce(list, name, fn x, name -> … end)` for an `Enum.each` whose closure ends in `name = …`. Null where the
 * `each` is no statement, or the match is not the last expression of its only clause.
 */
export function bindReduce(source: FormSource, each: Call, match: Binary, name: string): Edit[] | null {
  const [list, closure] = each.args;
  if (each.parent?.type !== "block" || !list || closure?.type !== "fn" || closure.clauses.length !== 1) return null;
  const [clause] = closure.clauses;
  const element = clause?.patterns[0];
  if (!clause || !element || clause.guard || clause.body.statements.at(-1) !== match) return null;
  if (bindsOthers(clause.body.statements.slice(0, -1), name)) return null;
  const head = each.piped ? source.between(each.start, each.calleeStart) : "";
  const first = each.piped ? "" : `${source.text(list)}, `;
  const body = source.between(element.end, match.start) + source.between(match.right.start, closure.end);
  const text = `${head}Enum.reduce(${first}${name}, fn ${source.text(element)}, ${name}${body})`;
  if (each.piped && text.includes("\n")) return null;
  return [source.replace(each, `${name} = ${text}`)];
}

function bindsOthers(statements: readonly Node[], name: string): boolean {
  return statements.some(
    (statement) =>
      find(statement, (n) => n.type === "variable" && n.name === name) !== null && statement.type === "binary",
  );
}
