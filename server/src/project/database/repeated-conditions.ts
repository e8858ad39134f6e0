import type { Anchor, ClauseOfModule, ConditionFact, ModuleFacts } from "../../facts/facts.ts";
import { listOf } from "../conclusions.ts";
import { Lookup } from "../lookup.ts";
import type { Facts, Slice, View } from "../project.ts";
import { wholeQuery } from "./query-shapes.ts";
import { schemas } from "./schemas.ts";

/** A query that has the condition, maybe among others. */
export interface ConditionPlace {
  /** The `where` with most of it. */
  readonly at: Anchor;
  /** All those with a part of it, in source order. */
  readonly wheres: readonly Anchor[];
  /** The module that the place is in. */
  readonly module: string;
}

/** A function that takes a query and adds the condition. */
export interface ExistingFunction {
  readonly name: string;
  readonly module: string;
  /** True where it takes the schema itself when it is given no query. */
  readonly optional: boolean;
  readonly at: Anchor;
}

/** The same condition on the same schema in several places. */
export interface RepeatedCondition {
  /** The module of the schema. */
  readonly schema: string;
  /** The parts that are joined by `and`, with `x` for the row and `^` for values at hand. */
  readonly parts: readonly string[];
  readonly places: readonly ConditionPlace[];
  /** The function that already gives the query with this condition and no other. */
  readonly existing: ExistingFunction | null;
  /** The form that declares the schema. */
  readonly home: Anchor;
}

/** A condition of one query, and where it stands. */
interface Occurrence {
  readonly module: string;
  /** The name of its function, and where that stands. */
  readonly name: string;
  readonly at: Anchor;
  readonly wheres: readonly { readonly at: Anchor; readonly parts: readonly string[] }[];
  readonly schema: string;
  readonly parts: readonly string[];
  /** Of a function that says nothing else: whether it takes the schema itself when it is given no query; null for others. */
  readonly optional: boolean | null;
}

/** Fewer places are no group; a function that says the condition counts as one. */
export const LEAST = 3;
/** Beyond so many conditions on one schema, what they have in common is not looked for. */
const MOST = 150;

const slices: readonly Slice[] = ["queries", "schemas", "uses"];

const conditions = listOf({
  name: "conditions",
  slices,
  subjects: (facts) => facts.where(hasConditions),
  conclude: conditionsIn,
});

interface Memo extends ReadonlyArray<RepeatedCondition> {
  readonly lookup: Lookup;
}

/** Conditions that are written by hand in several places of the project, the longest first. */
export const repeatedConditions: View<Memo> = {
  name: "repeated conditions",
  slices,
  compute(facts, before) {
    if (before?.lookup.holds) return before;
    const lookup = new Lookup(facts);
    const out = repeatedIn(lookup);
    if (before && JSON.stringify(before) === JSON.stringify(out)) return Object.assign(before, { lookup });
    return Object.assign(out, { lookup });
  },
};

function repeatedIn(facts: Facts): RepeatedCondition[] {
  const functions: Occurrence[] = [];
  const bySchema = new Map<string, Occurrence[]>();
  for (const one of facts.read(conditions)) {
    const list = bySchema.get(one.schema);
    if (one.optional !== null) functions.push(one);
    else if (list) list.push(one);
    else bySchema.set(one.schema, [one]);
  }
  const always = new Set(facts.collect(filtersOf));
  return [...bySchema].flatMap(([schema, occurrences]) => {
    const [declaring, other] = facts.named(schema);
    if (!declaring?.schema || other) return [];
    const home = { path: declaring.path, form: declaring.schema.form, at: declaring.schema.at };
    return groupsOf(schema, occurrences, functions, home, always);
  });
}

/** What a repository asks of each query: the condition has its place there already. */
function filtersOf({ uses, byName }: ModuleFacts): readonly string[] {
  if (uses.some((use) => use.module === "Ecto.SoftDelete.Repo")) return ["is_nil(x.deleted_at)"];
  if (!uses.some((use) => use.module === "Ecto.Repo")) return [];
  const clauses = (byName.get("prepare_query") ?? []).filter(({ arity }) => arity === 3);
  return clauses.flatMap(({ conditions }) => conditions.flatMap(({ wheres }) => wheres.flatMap(({ parts }) => parts)));
}

function groupsOf(
  schema: string,
  occurrences: readonly Occurrence[],
  functions: readonly Occurrence[],
  home: Anchor,
  always: ReadonlySet<string>,
): RepeatedCondition[] {
  const left = new Set(occurrences.slice(0, MOST));
  const out: RepeatedCondition[] = [];
  for (const rule of candidates([...left], always)) {
    const holding = [...left].filter((one) => rule.every((part) => one.parts.includes(part)));
    const [first] = holding;
    if (!first) continue;
    // What all of them look up besides belongs to it.
    const parts = first.parts.filter((part) => holding.every((one) => one.parts.includes(part)));
    const named = functions.find((one) => one.schema === schema && sameParts(one.parts, parts));
    if (holding.length + (named ? 1 : 0) < LEAST || (isFilter(rule) && !named)) continue;
    // Clauses and branches of one function are one place: who changes one sees the others.
    if (!named && functionsOf(holding) < LEAST) continue;
    for (const one of holding) left.delete(one);
    const existing = named ? existingFunction(named) : null;
    out.push({ schema, parts, places: holding.map((one) => placeOf(one, parts)), existing, home });
  }
  return out;
}

function functionsOf(occurrences: readonly Occurrence[]): number {
  return new Set(occurrences.map(({ module, name }) => `${module}.${name}`)).size;
}

function existingFunction(one: Occurrence): ExistingFunction {
  const { name, module, optional } = one;
  return { name, module, optional: optional === true, at: placeOf(one, one.parts).at };
}

function placeOf({ module, at, wheres: all }: Occurrence, parts: readonly string[]): ConditionPlace {
  const held = all.map((where) => ({
    at: where.at,
    count: where.parts.filter((part) => parts.includes(part)).length,
  }));
  const most = Math.max(...held.map(({ count }) => count));
  const wheres = held.filter(({ count }) => count > 0).map((where) => where.at);
  return { at: held.find(({ count }) => count === most)?.at ?? at, wheres, module };
}

/**
 * What whole queries, or any two of them in common, say of the rows that are meant, and not of values at hand: the longest
 * first.
 */
function candidates(occurrences: readonly Occurrence[], always: ReadonlySet<string>): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>();
  const add = (parts: readonly string[]): void => {
    if (parts.length > 0) found.set(parts.join(" and "), parts);
  };
  const rules = occurrences.map(({ parts }) => parts.filter((part) => !part.includes("^") && !always.has(part)));
  rules.forEach((one, i) => {
    add(one);
    for (const other of rules.slice(i + 1)) add(one.filter((part) => other.includes(part)));
  });
  return [...found.values()].sort((a, b) => b.length - a.length || (a.join() < b.join() ? -1 : 1));
}

/**
 * `x.status == "open"`, `not x.archived`: one column asked for one value. The column's name says the rule already, unless
 * the project has a name of its own for it.
 */
function isFilter([only, other]: readonly string[]): boolean {
  return other === undefined && only !== undefined && (FILTER.test(only) || IS_SET.test(only));
}

const FILTER = /^(?:not )?x\.\w+(?: == .*)?$/;
/** A column that must be set says no more, unless it is the mark of a row that is gone or ended. */
const IS_SET = /^not \(?is_nil\(x\.(?!\w+_(?:at|on|until|since)\))\w+\)\)?$/;

function hasConditions({ fileClass, clauses }: ModuleFacts): boolean {
  return fileClass === "code" && clauses.some(({ conditions }) => conditions.length > 0);
}

function conditionsIn(facts: Facts, module: ModuleFacts): readonly Occurrence[] {
  const { name, path } = module;
  return module.clauses.flatMap((clause) => {
    const place = (at: number): Anchor => ({ path, form: clause.form, at });
    const optional = isQueryFunction(clause) ? clause.defaults > 0 : null;
    return clause.conditions.flatMap((fact): Occurrence[] => {
      const schema = fact.query.says.includes("or_where") ? null : schemaOf(facts, module, clause, fact);
      if (schema === null) return [];
      const parts = [...new Set(fact.wheres.flatMap((where) => where.parts))].sort();
      const wheres = fact.wheres.map((where) => ({ at: place(where.at), parts: where.parts }));
      return [{ module: name, name: clause.name, at: place(clause.at), wheres, schema, parts, optional }];
    });
  });
}

/** `def open(query), do: from(t in query, where: t.open)`: nothing but the condition, on what it is given. */
function isQueryFunction({ gives, conditions, params, keyword }: ClauseOfModule): boolean {
  if (!gives || keyword !== "def" || params.length !== 1 || conditions.length !== 1 || gives.through.length > 0)
    return false;
  const [first] = params;
  const { from, says } = gives;
  return from?.kind === "variable" && first?.kind === "variable" && from.name === first.name && says.join() === "where";
}

/** The schema that the condition is on: that of its query, or of the module whose function takes any query of it. */
function schemaOf(facts: Facts, module: ModuleFacts, clause: ClauseOfModule, { query }: ConditionFact): string | null {
  if (query.from?.kind === "schema") return facts.read(schemas).of(query.from.name) ? query.from.name : null;
  const whole = wholeQuery(facts, module, query);
  if (whole?.schema) return facts.read(schemas).of(whole.schema) ? whole.schema : null;
  const index = clause.params.findIndex((param) => param.kind === "variable" && param.name === whole?.variable);
  const value = clause.defaultValues[index];
  if (value?.kind === "module") return facts.read(schemas).of(value.value) ? value.value : null;
  return index === 0 && module.schema ? module.name : null;
}

function sameParts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part) => b.includes(part));
}
