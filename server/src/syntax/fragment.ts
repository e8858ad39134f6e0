import type { Call, Node } from "./ast.ts";
import { functionAround } from "./binding.ts";
import { LOADS, NATIVE_FORMS, type NativeForm, type Need } from "./native-forms.ts";
import { binding, bindingOf, bindingOfNode } from "./sql-operators.ts";
import { ancestors, find } from "./visit.ts";

/**
 * What may come out otherwise: what the form says of itself, how the result is loaded, or how the operators group: Ecto puts a
 * fragment and its arguments together as text, without parentheses.
 */
export type Caution = "form" | "loading" | "grouping";

/** A fragment that Ecto has words for. */
export interface NativeFragment {
  readonly form: NativeForm;
  /** What stands for `$1`, `$2`… in the native form: an argument, or the text of a literal of the SQL. */
  readonly arguments: readonly (Node | string)[];
  /** What stands for `<key>` and the like. */
  readonly literals: ReadonlyMap<string, string>;
  /** Why somebody must look at the native form before it is taken; null where it asks the database the same. */
  readonly caution: Caution | null;
  /** The version of Ecto from which on the native form takes these arguments; null where any does. */
  readonly since: string | null;
}

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\\\?|[a-z_]\w*|\d+(?:\.\d+)?|->>|->|::|<>|!=|>=|<=|=>|\|\||[^\s\w]/gi;
const PATTERN_TOKEN = new RegExp(`<\\w+>|${TOKEN.source}`, "gi");
const INTERVAL = /^(\d+) (second|minute|hour|day|week|month|year)s?$/i;

/** A word before parentheses that belong to it. */
const CALLED = /^(?!(?:not|and|or|like|ilike|between|by|where)$)\w+$/i;

/** The SQL of each form in tokens, by their number. */
const BY_LENGTH = new Map<number, { readonly form: NativeForm; readonly tokens: readonly string[] }[]>();
for (const form of NATIVE_FORMS) {
  const tokens = plain(form.sql.match(PATTERN_TOKEN) ?? []);
  const same = BY_LENGTH.get(tokens.length);
  if (same) same.push({ form, tokens });
  else BY_LENGTH.set(tokens.length, [{ form, tokens }]);
}

/** The macros in whose arguments `fragment` is Ecto's. */
const QUERY =
  /^(?:from|dynamic|(?:or_)?(?:where|having)|select(?:_merge)?|(?:prepend_)?order_by|group_by|distinct|update|windows|(?:\w+_)?join|quote)$/;
/** Where a query wants SQL: no expression of Ecto's can stand there. */
const SQL_ONLY = /^(?:lock|hints|frame)$/;

/** The SQL of a fragment, where it is one text and written out; null for any other call. */
export function fragmentSql(call: Call): string | null {
  if (call.name !== "fragment" || call.module === "Ecto.Migration" || call.target) return null;
  const text = call.args[0];
  if (text?.type === "string") return text.value;
  return text?.type === "sigil" && /^[sS]$/.test(text.name) && text.parts.length === 0 ? text.content : null;
}

/** What a fragment in a query says in Ecto's own words, or null. */
export function nativeFragment(call: Call): NativeFragment | null {
  const sql = fragmentSql(call);
  if (sql === null) return null;
  const written = sql.match(TOKEN) ?? [];
  const tokens = plain(written);
  for (const { form, tokens: pattern } of BY_LENGTH.get(tokens.length) ?? []) {
    const literals = new Map<string, string>();
    const given = call.args.slice(1);
    const taken: (Node | string)[] = [];
    const matches = pattern.every((token, i) => {
      if (token !== "?") return fits(token, tokens[i] ?? "", literals);
      const value = tokens[i] === "?" ? given.shift() : literalOf(tokens[i] ?? "");
      if (value) taken.push(value);
      return value !== null && value !== undefined;
    });
    if (!matches) continue;
    if (given.length > 0 || (taken.length > 0 && taken.every((arg) => typeof arg === "string"))) return null;
    const place = isExpression(call) ? queryPlace(call) : null;
    if (place === null || (form.direction && !(place === "order_by" && isEntry(call)))) return null;
    if (form.loads && isGivenType(call)) return null;
    const args = taken.map((arg, i) => suited(arg, form.needs?.[i + 1], literals));
    if (!args.every((arg) => arg !== null) || (form.takesNil && args.some((arg) => mayBeNil(arg, call)))) return null;
    const caution = isGrouped(call, written) ? cautionOf(form, args, place) : "grouping";
    const [first] = args;
    const isTyped = form.needs?.[1] === "typed" && first && typeof first !== "string";
    const since = isTyped ? typedSince(first) : form.since;
    return { form, arguments: args, literals, caution, since: since || null };
  }
  return null;
}

/** Without parentheses around the whole, and around a `?` that is no function's argument. */
function plain(tokens: readonly string[]): readonly string[] {
  const isAlone = (at: number): boolean =>
    tokens[at] === "(" && tokens[at + 2] === ")" && tokens[at + 1] === "?" && !CALLED.test(tokens[at - 1] ?? "");
  const bare = tokens.filter((_, i) => !isAlone(i) && !isAlone(i - 2));
  let depth = 0;
  const closed = bare.slice(0, -1).some((token) => {
    depth += token === "(" ? 1 : token === ")" ? -1 : 0;
    return depth === 0;
  });
  return bare[0] === "(" && bare.at(-1) === ")" && !closed ? plain(bare.slice(1, -1)) : bare;
}

/** A literal of SQL as Ecto has it: the same text reaches the database. What may be a date, an array or JSON is none. */
function literalOf(token: string): string | null {
  const text = /^'([^\d'"\\#{}[\]][^'"\\#{}[\]]*|)'$/.exec(token)?.[1];
  return text !== undefined ? `"${text}"` : /^\d+$/.test(token) ? token : null;
}

/** Compares a token with the form's; what stands for its literals is kept. */
function fits(pattern: string, token: string, literals: Map<string, string>): boolean {
  const name = /^'?<(\w+)>'?$/.exec(pattern)?.[1];
  if (!name) return pattern.toUpperCase() === token.toUpperCase();
  if (!pattern.startsWith("'")) {
    literals.set(name, token);
    return /^[a-z_]\w*$/.test(token);
  }
  const literal = /^'([^'"\\#]*)'$/.exec(token)?.[1];
  if (literal === undefined) return false;
  if (name === "interval") {
    const [, count, unit] = INTERVAL.exec(literal) ?? [];
    literals.set("interval", literal);
    literals.set("count", count ?? "");
    literals.set("unit", unit?.toLowerCase() ?? "");
    return count !== undefined;
  }
  literals.set(name, literal);
  // `#>` takes a number for an index, and `$.a` is MySQL's and SQLite's path.
  return !/^(?:-?\d+|\$.*|)$/.test(literal);
}

/** The argument as the native form takes it, or null. */
function suited(arg: Node | string, need: Need | undefined, literals: Map<string, string>): Node | string | null {
  if (typeof arg === "string") return need === undefined || /^(?:repeatable|number|text)$/.test(need) ? arg : null;
  // Comparisons with a literal nil raise, and what `splice` gives is many arguments.
  if (arg.type === "atom" && arg.value === "nil") return null;
  const inner = arg.type === "call" && arg.args.length === 1 ? (arg.args[0] ?? null) : null;
  const callee = inner && arg.type === "call" ? arg.name : null;
  if (need === "spliced") return callee === "splice" ? inner : null;
  if (need === "name") {
    const name = /^(?:identifier|literal)$/.test(callee ?? "") && inner?.type === "unary" ? inner.operand : null;
    if (name?.type !== "string" || name.value === null || !/^[a-z_]\w*$/.test(name.value)) return null;
    literals.set("name", name.value);
    return arg;
  }
  if (callee === "splice" || /^(?:identifier|literal|constant)$/.test(callee ?? "")) return null;
  if (need === "typed") return typedSince(arg) === null ? null : arg;
  if (need === "query") return callee === "subquery" ? arg : null;
  if (need === "number") return isDate(arg) ? null : arg;
  if (need === "text") return isMadeText(arg) ? null : arg;
  if (need === "field") return isColumn(arg) ? arg : null;
  return need === "repeatable" && !isRepeatable(arg) ? null : arg;
}

/** The version of Ecto from which on `type/2` takes the expression ("" for any: Ecto 2 takes pinned values only); null for what none takes. */
function typedSince(arg: Node): string | null {
  if (arg.type === "unary") return arg.operator === "^" ? "" : null;
  if (arg.type === "binary") return /^[-+*/]$/.test(arg.operator) ? "3.0.0" : null;
  if (arg.type === "field")
    return arg.object.type === "variable" ? "3.0.0" : isColumn(arg, /^parent_as$/) ? "3.9.0" : null;
  if (arg.type === "access") return "3.9.0";
  if (arg.type !== "call" || arg.target) return null;
  // A fragment that is rewritten itself is none any more.
  if (arg.name === "fragment") return nativeFragment(arg) ? null : "3.0.0";
  return TYPED_CALLS.get(arg.name) ?? null;
}

/** From the sources of Ecto.Query.Builder, `escape({:type, …})`. */
const TYPED_CALLS = new Map([
  ...["avg", "count", "max", "min", "sum"].map((name) => [name, "3.0.0"] as const),
  ["field", "3.1.0"],
  ["over", "3.2.0"],
  ["filter", "3.2.0"],
  ["json_extract_path", "3.7.0"],
  ["coalesce", "3.7.2"],
]);

/** `^to_string(id)`, `^Integer.to_string(id)` */
function isMadeText(arg: Node): boolean {
  const value = arg.type === "unary" && arg.operator === "^" ? arg.operand : arg;
  return value.type === "call" && value.name === "to_string";
}

/** `type(x, :date)` */
function isDate(arg: Node): boolean {
  const type = arg.type === "call" && arg.name === "type" ? arg.args[1] : undefined;
  return type?.type === "atom" && /date|time/.test(type.value);
}

/** `p.name`, `as(:post).name` */
function isColumn(node: Node, outer = /^(?:parent_)?as$/): boolean {
  return (
    node.type === "field" &&
    (node.object.type === "variable" || (node.object.type === "call" && outer.test(node.object.name)))
  );
}

function isRepeatable(node: Node): boolean {
  if (node.type === "unary") return node.operator === "^" && node.operand.type === "variable";
  if (node.type === "call") return node.name === "field" && !node.target;
  return isColumn(node) || node.type === "number" || node.type === "string";
}

/** `type(fragment(…), :date)` */
function isGivenType(call: Call): boolean {
  const { parent } = call;
  return parent?.type === "call" && parent.name === "type" && parent.args[0] === call;
}

/** False for the source of a query, `x in fragment(…)`, which is no expression. */
function isExpression(call: Call): boolean {
  const { parent } = call;
  return !(parent?.type === "binary" && parent.operator === "in" && parent.right === call);
}

/** True for an entry of `order_by`, alone or under `asc:`, which adds nothing to its SQL. */
function isEntry({ parent }: Call): boolean {
  return parent?.type !== "pair" || (parent.key.type === "atom" && /^(?:asc|order_by)$/.test(parent.key.value));
}

/** The clause of the query that a call stands in (`where`, `select`…); null outside of queries and where SQL is wanted. */
export function queryPlace(call: Call): string | null {
  let clause: string | null = null;
  for (const outer of ancestors(call)) {
    if (outer.type === "unary" && outer.operator === "^") return null;
    if (outer.type === "pair" && outer.key.type === "atom") {
      if (SQL_ONLY.test(outer.key.value)) return null;
      if (outer.parent?.parent?.type === "call" && outer.parent.parent.name === "from") clause = outer.key.value;
      else if (outer.key.value === "order_by") clause ??= "order_by";
    }
    if (outer.type !== "call") continue;
    if (QUERY.test(outer.name) && (outer.module === "Ecto.Query" || outer.module === null)) return clause ?? outer.name;
  }
  return null;
}

/** True when the database groups what stands around and in the fragment as its place and its arguments say. */
function isGrouped(call: Call, tokens: readonly string[]): boolean {
  if (!bindsTighter(bindingOf(tokens), around(call))) return false;
  const between = tokens.some((token) => /^between$/i.test(token));
  let slot = 0;
  return tokens.every((token, i) => {
    const arg = token === "?" ? call.args[++slot] : undefined;
    const beside = [tokens[i - 1], tokens[i + 1]].map((side) =>
      between && /^and$/i.test(side ?? "") ? binding("BETWEEN") : binding(side),
    );
    return !arg || beside.every((side) => bindsTighter(inSql(arg), side));
  });
}

/** How tightly the operator binds that has the fragment as its operand; null where there is none. */
function around({ parent }: Call): number | null {
  if (parent?.type === "binary") return bindingOfNode(parent);
  return parent?.type === "call" && /^(?:is_nil|i?like)$/.test(parent.name) ? bindingOfNode(parent) : null;
}

/** `and` among `and`, and `or` among `or`, may be grouped either way. */
function bindsTighter(inner: number, outer: number | null): boolean {
  return outer === null || inner > outer || (inner === outer && inner <= 2);
}

function inSql(arg: Node): number {
  if (arg.type !== "call" || arg.name !== "fragment") return bindingOfNode(arg);
  const sql = fragmentSql(arg);
  return sql === null ? 0 : bindingOf(sql.match(TOKEN) ?? []);
}

function cautionOf(form: NativeForm, args: readonly (Node | string)[], place: string): Caution | null {
  if (form.loads && /^(?:select|select_merge|quote|dynamic)$/.test(place) && args.every(isTyped)) return "loading";
  if (form.ifPinned && !args.some(isCast)) return null;
  return form.differs ? "form" : null;
}

/** A caution in words. */
export function wordsFor(caution: Caution, { differs }: NativeForm): string {
  const own = caution === "loading" ? LOADS : differs;
  if (caution !== "grouping") return own ?? "";
  return `the database groups its operators otherwise, for the fragment brings no parentheses${own ? `; ${own}` : ""}`;
}

/** A pinned variable or field, unless the function compares the same variable in Ecto's own words, which raise on `nil`. */
function mayBeNil(arg: Node | string, call: Call): boolean {
  const value = typeof arg === "string" || arg.type !== "unary" || arg.operator !== "^" ? null : arg.operand;
  if (value?.type !== "variable") return value?.type === "field";
  const isSame = (side: Node): boolean =>
    side.type === "unary" &&
    side.operator === "^" &&
    side.operand.type === "variable" &&
    side.operand.name === value.name;
  const isCompared = (node: Node): boolean =>
    node.type === "binary" && /^(?:[=!]=|[<>]=?)$/.test(node.operator) && (isSame(node.left) || isSame(node.right));
  return find(functionAround(call), isCompared) === null;
}

/** True for what Ecto gives the type of the other side: a pinned value, and a text that may stand for a date. */
function isCast(arg: Node | string): boolean {
  if (typeof arg === "string") return arg.startsWith('"');
  return arg.type === "string" || (arg.type === "unary" && arg.operator === "^");
}

function isTyped(arg: Node | string): boolean {
  return typeof arg !== "string" && (arg.type === "field" || (arg.type === "call" && arg.name !== "fragment"));
}
