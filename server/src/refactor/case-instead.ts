import type { Edit, FormSource } from "../lint/rule.ts";
import type { Block, Call, Def, Section } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import type { Raising } from "../syntax/raising.ts";
import { mentions } from "../syntax/visit.ts";
import { isIndentable, reindented } from "./indent.ts";

/**
 * `case File.read(path) do … end` for a `try` or function around `File.read!(path)`. Null where there are several rescues,
 * where one reads the exception, and where there is an `after` or `else`.
 */
export function caseInstead(
  source: FormSource,
  around: Call | Def,
  body: Block,
  { call, twin, wrap }: Raising,
  rescue: Section,
): Edit[] | null {
  const [clause] = rescue.clauses;
  const others = around.sections.filter(({ name }) => name !== "do" && name !== "rescue");
  if (!clause || rescue.clauses.length !== 1 || others.length > 0 || !rescue.block) return null;
  if (clause.patterns.some((pattern) => mentions(clause.body, boundNames(pattern)))) return null;
  if (!isIndentable(clause.body, (node) => source.text(node)) || !isIndentable(call, (node) => source.text(node)))
    return null;
  const value = twin.returns === "parsed" ? "number" : "value";
  const outcome = wrap ? source.between(wrap.start, call.start) + value + source.between(call.end, wrap.end) : value;
  const callee = source
    .between(call.calleeStart, call.calleeEnd)
    .replace(/[\w.]*?[\w!?]+$/, (name) =>
      twin.module ? `${twin.module}.${twin.name}` : name.replace(/\w+!?$/, twin.name),
    );
  const subject = source.between(call.start, call.calleeStart) + callee + source.between(call.calleeEnd, call.end);
  const indent = source.indentation(body);
  const at = around.type === "def" ? indent : source.indentation(around);
  const last = clause.body.statements.at(-1);
  const firstOne = clause.body.statements[0];
  if (!firstOne || !last) return null;
  const failure = { start: firstOne.start, end: last.end };
  const text = reindented(source.text(failure), source.indentation(firstOne), `${at}    `);
  const handled = clause.body.statements.length > 1 || text.includes("\n") ? `\n${at}    ${text}` : ` ${text}`;
  const [success, error] = PATTERNS[twin.returns];
  const ways = [`${success} -> ${outcome}`, `${error} ->${handled}`];
  if (twin.returns === "nil") ways.reverse();
  const lines = handled.startsWith("\n") ? ways.join(`\n\n${at}  `) : ways.join(`\n${at}  `);
  const range = around.type === "def" ? { start: body.start, end: rescue.end } : around;
  return [source.replace(range, `case ${subject} do\n${at}  ${lines}\n${at}end`)];
}

const PATTERNS = {
  result: ["{:ok, value}", "{:error, _reason}"],
  ok: ["{:ok, value}", ":error"],
  nil: ["value", "nil"],
  parsed: ['{number, ""}', "_"],
} as const;
