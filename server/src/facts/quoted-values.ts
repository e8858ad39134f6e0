import type { Range } from "../base/range.ts";
import type { Call, Def, Node, StringLiteral } from "../syntax/ast.ts";
import { boundValues } from "../syntax/binding.ts";
import { find } from "../syntax/visit.ts";
import type { CallFact, QuotedValue } from "./facts.ts";

const NONE: readonly QuotedValue[] = [];
const RUNS_SQL = /^(?:query|query_many|execute|prepare|stream)!?$/;

/**
 * The calls of a clause that run SQL in whose text a variable stands between quotes: `"… WHERE name = '#{name}'"`, written
 * out in the call or bound to a variable before.
 *
 * @param ranges those of the calls, by their ordinals
 * @param text the source of the form
 */
export function quotedValuesIn(
  def: Def,
  calls: readonly CallFact[],
  ranges: readonly Range[],
  text: string,
): readonly QuotedValue[] {
  if (!calls.some(({ name }) => RUNS_SQL.test(name))) return NONE;
  const out = calls.flatMap(({ name, at }): QuotedValue[] => {
    const range = RUNS_SQL.test(name) ? ranges[at] : undefined;
    const call = range && find(def, (n) => n.type === "call" && n.ownStart === range.start && n.end === range.end);
    const part = call?.type === "call" ? sqlOf(call, text).flatMap((sql) => quotedParts(sql, text))[0] : undefined;
    return part ? [{ at, name: text.slice(part.start, part.end) }] : [];
  });
  return out.length > 0 ? out : NONE;
}

/** Statements of which the databases let nobody pass a part as a parameter. */
const TAKES_NO_PARAMETERS =
  /^(?:~[sS])?["'[({|\s]*(?:alter|comment|copy|create|drop|grant|listen|notify|refresh|reindex|reset|revoke|set|truncate|vacuum)\b/i;

/** The texts with interpolations among the first arguments of the call, those of variables included. */
function sqlOf({ args }: Call, text: string): StringLiteral[] {
  return args
    .slice(0, 2)
    .flatMap((arg) => (arg.type === "variable" ? boundValues(arg, arg.name) : [arg]))
    .filter((arg): arg is StringLiteral => arg.type === "string" && arg.value === null)
    .filter((sql) => !TAKES_NO_PARAMETERS.test(text.slice(sql.start, sql.end)));
}

/** The interpolations of a variable, or of a part of one, that stand between single quotes. */
function quotedParts({ parts }: StringLiteral, text: string): Node[] {
  return parts.filter((part) => {
    const value = part.type === "block" ? part.statements[0] : part;
    const isValue = value !== undefined && /^(?:variable|field|access)$/.test(value.type) && !isId(value);
    return isValue && text.slice(0, part.start).endsWith("'#{") && text.startsWith("}'", part.end);
  });
}

/** The id of a record is what the database gave it. */
function isId(value: Node): boolean {
  return value.type === "field" && /(?:^|_)(?:id|uuid)$/.test(value.name);
}
