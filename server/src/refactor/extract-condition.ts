import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { type Env, importedFrom } from "../syntax/env.ts";
import { keywordValue } from "../syntax/flow.ts";
import { isQueryMacro, partsOf, type QueryPart } from "../syntax/query.ts";
import { type ConditionPart, conditionParts } from "../syntax/query-condition.ts";
import { find } from "../syntax/visit.ts";
import { startOf } from "./module-forms.ts";

type Anchor = Parameters<FormSource["elsewhere"]>[0];

/** A condition that several queries of a schema have, and where. */
export interface SharedCondition {
  /** The module of the schema, and where it is declared. */
  readonly schema: string;
  readonly home: Anchor;
  /** What it joins by `and`, with `x` for the row and `^` for values at hand. */
  readonly parts: readonly string[];
  /** By query, its `where`s with a part of the condition. */
  readonly places: readonly { readonly wheres: readonly Anchor[] }[];
  /** The function that adds it already; `optional` where it takes the schema by default. */
  readonly existing: { readonly module: string; readonly name: string; readonly optional: boolean } | null;
}

/** A `where` in its form: which of its conditions go, which stay. */
interface Where {
  readonly source: FormSource;
  readonly part: QueryPart;
  readonly taken: readonly ConditionPart[];
  readonly kept: readonly ConditionPart[];
}

/** The `where`s of one query that have a part of the condition, and the parts in the condition's order. */
interface Place {
  readonly wheres: readonly Where[];
  readonly parts: readonly { readonly where: Where; readonly part: ConditionPart }[];
}

/** A query function by its name, and the schema that it takes when it is given no query, if it does. */
interface QueryFunction {
  readonly module: string;
  readonly name: string;
  readonly takes: string | null;
}

/**
 * The condition as a query function of the schema's module, where there is none yet, and a call of it in every place that
 * wrote it by hand. Null where one of them cannot be rewritten, or the condition needs something of the module it is in.
 */
export function extractCondition(from: FormSource, group: SharedCondition): Edit[] | null {
  const places = group.places.map(({ wheres }) => placeIn(from, wheres, group.parts));
  if (!places.every((place) => place !== null)) return null;
  const [first] = places;
  const home = from.elsewhere(group.home);
  if (!first || !home) return null;
  const edits: Edit[] = [];
  const { existing } = group;
  let called: QueryFunction | null = existing && { ...existing, takes: existing.optional ? group.schema : null };
  if (called && first.parts.some(({ part }) => part.pins.length > 0)) return null;
  if (!called) {
    const added = addFunction(home, first, group);
    if (!added) return null;
    called = { module: group.schema, name: added.name, takes: group.schema };
    edits.push(...added.edits);
  }
  for (const place of places) {
    const rewritten = rewrite(place, called);
    if (!rewritten) return null;
    edits.push(...rewritten);
  }
  return edits;
}

function placeIn(from: FormSource, anchors: readonly Anchor[], parts: readonly string[]): Place | null {
  const left = new Set(parts);
  const wheres = anchors.map((at) => whereAt(from, at, left));
  if (!wheres.every((where) => where !== null)) return null;
  const found = parts.map((normal) => {
    const where = wheres.find(({ taken }) => taken.some((one) => one.normal === normal));
    const part = where?.taken.find((one) => one.normal === normal);
    return where && part ? { where, part } : null;
  });
  return found.every((one) => one !== null) ? { wheres, parts: found } : null;
}

/** What it takes of the conditions that are left to be found is left no more. */
function whereAt(from: FormSource, at: Anchor, left: Set<string>): Where | null {
  const source = from.elsewhere(at);
  if (!source) return null;
  const call = find(source.ast, (n): n is Call => isQueryMacro(n) && partsOf(n).some((p) => isAt(p.value, source)));
  const part = call && partsOf(call).find(({ value }) => isAt(value, source));
  if (!part) return null;
  const all = conditionParts(part);
  const taken = all.filter(({ normal }) => left.delete(normal));
  return { source, part, taken, kept: all.filter((one) => !taken.includes(one)) };
}

function isAt(node: Node, { at }: FormSource): boolean {
  return node.start === at.start && node.end === at.end;
}

/** `def name(query \\ __MODULE__, …)` at the end of the schema's module. */
function addFunction(
  home: FormSource,
  { parts }: Place,
  group: SharedCondition,
): { readonly name: string; readonly edits: Edit[] } | null {
  const forms = home.siblings();
  const last = forms.at(-1);
  const schema = forms.findIndex((form) => startOf(form) === startOf(home));
  if (!last || schema < 0 || parts.some(({ part }) => needsItsModule(part.node))) return null;
  const names = parameterNames(parts.map(({ part }) => part));
  const rows = new Set(parts.map(({ where }) => where.part.root));
  const [root] = rows;
  // Conditions of several macros may call the row by several names.
  if (rows.size !== 1) return null;
  const row = root ?? group.schema.replace(/^.*\./, "").slice(0, 1).toLowerCase();
  if (names.includes(row) || row === "query") return null;
  let index = 0;
  const condition = parts.map(({ where, part }) => {
    const text = conditionText(where.source, part, row, names.slice(index));
    index += part.pins.length;
    return text;
  });
  const wanted = nameFor(group.parts);
  const defined = new Set(forms.flatMap(({ ast }) => (ast.type === "def" && ast.name ? [ast.name] : [])));
  const name = defined.has(wanted) ? `where_${wanted}` : wanted;
  if (defined.has(name) || defined.has("from")) return null;
  const indent = home.indentation(home.ast);
  const parameters = ["query \\\\ __MODULE__", ...names].join(", ");
  const lines = [
    `def ${name}(${parameters}) do`,
    `  from(${row} in query, where: ${condition.join(" and ")})`,
    "end",
  ].map((line) => `\n${indent}${line}`);
  const edits = [last.insertAfter(last.ast, `\n${lines.join("")}`)];
  if (importedFrom(last.env, "from") !== "Ecto.Query") {
    const use = forms.slice(0, schema).findLast(({ ast }) => ast.type === "call" && /^(?:use|import)$/.test(ast.name));
    if (!use) return null;
    edits.push(use.insertAfter(use.ast, `\n${indent}import Ecto.Query, only: [from: 2]`));
  }
  return { name, edits };
}

/** True for conditions with an attribute, a macro or a module's name: elsewhere they may mean something else. */
function needsItsModule(node: Node): boolean {
  return (
    find(
      node,
      (n) =>
        n.type === "attribute" || n.type === "alias" || n.type === "sigil" || (n.type === "call" && !isOfQueries(n)),
    ) !== null && find(node, (n) => n.type === "unary" && n.operator === "^") === null
  );
}

const API =
  /^(?:is_nil|not|fragment|field|like|ilike|ago|from_now|datetime_add|date_add|type|json_extract_path|coalesce|count|length)$/;

function isOfQueries(call: Call): boolean {
  return (call.module === null || call.module.startsWith("Ecto.Query")) && API.test(call.name) && !call.target;
}

/** A parameter for each value at hand, called as the field that it is compared with. */
function parameterNames(taken: readonly ConditionPart[]): string[] {
  const out: string[] = [];
  for (const { pins, normal } of taken) {
    const field = /x\.(\w+)/.exec(normal)?.[1] ?? "value";
    for (const _ of pins) out.push(out.includes(field) || field === "query" ? `${field}_${out.length + 1}` : field);
  }
  return out;
}

/** The condition as its source has it, with the parameters in the place of the values. */
function conditionText(
  source: FormSource,
  { node, pins }: ConditionPart,
  row: string,
  names: readonly string[],
): string {
  const from = node.type === "pair" ? node.value.start : node.start;
  let text = "";
  let at = from;
  pins.forEach((pin, i) => {
    text += source.between(at, pin.start).replace(/\(\s*$/, "") + (names[i] ?? "");
    at = pin.end;
    if (/\(\s*$/.test(source.between(from, pin.start)))
      at += /^\s*\)/.exec(source.between(pin.end, node.end))?.[0].length ?? 0;
  });
  text += source.between(at, node.end);
  if (node.type !== "pair" || node.key.type !== "atom")
    return node.type === "binary" && node.operator === "or" ? `(${text})` : text;
  return `${row}.${node.key.value} == ${text}`;
}

/** A name made of what the condition says. */
function nameFor(parts: readonly string[]): string {
  const words = parts.map((part) => {
    const field = /x\.(\w+)/.exec(part)?.[1] ?? "matching";
    const plain = /^x\.\w+$/.test(part);
    if (plain) return field;
    if (/^not x\.\w+$/.test(part)) return `not_${field}`;
    if (/^is_nil\(x\.\w+\)$/.test(part)) return `without_${field}`;
    if (/^not is_nil\(x\.\w+\)$/.test(part)) return `with_${field}`;
    const value = /^x\.\w+ == [:"]([a-z_]\w*)"?$/.exec(part)?.[1];
    if (value) return `${field}_${value}`;
    return `by_${field}`;
  });
  return [...new Set(words)].slice(0, 3).join("_and_");
}

/** The call of the function in the place of the conditions that it says; other `where`s of the query lose theirs. */
function rewrite({ wheres, parts }: Place, called: QueryFunction): Edit[] | null {
  const values = parts.flatMap(({ where, part }) => part.pins.map((pin) => where.source.text(pin)));
  const [first] = wheres;
  if (!first) return null;
  const [main = first] = wheres.filter(({ part }) => part.call.name === "from");
  const edits: Edit[] = [];
  for (const where of wheres) {
    const made =
      where.part.call.name === "from"
        ? inFrom(where, where === main ? called : null, values)
        : inMacro(where, where === main ? called : null, values);
    if (!made) return null;
    edits.push(...made);
  }
  return edits;
}

/** `|> where([x], …)`: the call in its place, and what is left of it; nothing of it where the query has the call already. */
function inMacro(
  { source, part, kept }: Where,
  called: QueryFunction | null,
  values: readonly string[],
): Edit[] | null {
  const { call } = part;
  const [first, binding] = call.args;
  if (!first) return null;
  const rest = joined(source, kept, part);
  const list = part.value.type === "list" && !part.value.bare ? `[${rest}]` : rest;
  const where = `where(${call.args.length > 2 && binding ? `${source.text(binding)}, ` : ""}${list})`;
  if (!called) {
    if (kept.length > 0) return [source.replace(part.value, list)];
    return call.piped
      ? [source.replace({ start: first.end, end: call.end }, "")]
      : [source.replace(call, source.text(first))];
  }
  const name = nameIn(source.env, called);
  const more = kept.length > 0 ? ` |> ${where}` : "";
  return call.piped
    ? [source.replace({ start: call.ownStart, end: call.end }, `${name}(${values.join(", ")})${more}`)]
    : [source.replace(call, `${name}(${[source.text(first), ...values].join(", ")})${more}`)];
}

/** `from x in Schema, where: …`: the call in the place of the source, and the `where:` with what is left. */
function inFrom({ source, part, kept }: Where, called: QueryFunction | null, values: readonly string[]): Edit[] | null {
  const [first, options] = part.call.args;
  if (!first || options?.type !== "list" || keywordValue(options, "prefix") || keywordValue(options, "hints"))
    return null;
  const edits: Edit[] = [];
  if (called) {
    const input = first.type === "binary" && first.operator === "in" ? first.right : first;
    const isSchema = input.type === "alias" && input.module === called.takes;
    const args = isSchema ? values : [source.text(input), ...values];
    edits.push(source.replace(input, `${nameIn(source.env, called)}(${args.join(", ")})`));
  }
  if (kept.length > 0) {
    const rest = joined(source, kept, part);
    edits.push(source.replace(part.value, part.value.type === "list" ? `[${rest}]` : rest));
    return edits;
  }
  const index = options.items.findIndex((item) => item.type === "pair" && item.value === part.value);
  const pair = options.items[index];
  const before = options.items[index - 1] ?? first;
  if (!pair) return null;
  return [...edits, source.replace({ start: before.end, end: pair.end }, "")];
}

/** What is left of a `where`, with the white space that stood before each condition. */
function joined(source: FormSource, kept: readonly ConditionPart[], part: QueryPart): string {
  if (part.value.type === "list") return kept.map((one) => restText(source, one, part)).join(", ");
  const all = conditionParts(part).map(({ node }) => node);
  return kept.reduce((text, one, i) => {
    const before = all[all.findIndex(({ start }) => start === one.node.start) - 1];
    const gap = before ? source.between(before.end, one.node.start) : "";
    return `${text}${i === 0 ? "" : /^\s*and\s*$/.test(gap) ? gap : " and "}${restText(source, one, part)}`;
  }, "");
}

function restText(source: FormSource, { node }: ConditionPart, { value }: QueryPart): string {
  const text = source.text(node);
  return value.type !== "list" && node.type === "binary" && node.operator === "or" ? `(${text})` : text;
}

/** What the function is called by in a module: by its own name at home, else through the alias that is in force. */
function nameIn(env: Env, { module, name }: Pick<QueryFunction, "module" | "name">): string {
  if (env.module === module) return name;
  for (const [short, full] of env.aliases) if (full === module) return `${short}.${name}`;
  for (const [short, full] of env.aliases)
    if (module.startsWith(`${full}.`)) return `${short}${module.slice(full.length)}.${name}`;
  return `${module}.${name}`;
}
