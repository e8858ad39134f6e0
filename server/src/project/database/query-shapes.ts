import type { ClauseOfModule, ModuleFacts, QueryShape } from "../../facts/facts.ts";
import type { Facts } from "../project.ts";

/** What a query says with everything that the project's functions add to it. */
export interface WholeQuery {
  /** The module of the schema that it reads. */
  readonly schema: string | null;
  /** The name of the variable that it begins with, as a rule a parameter. */
  readonly variable: string | null;
  readonly says: ReadonlySet<string>;
  /** The associations that it preloads; null where they are computed. */
  readonly preloads: readonly string[] | null;
}

/** How many functions deep a query is followed. */
const DEPTH = 5;

type FunctionName = { readonly module: string | null; readonly name: string; readonly arity: number };

/** What a query of that module says; null where it goes through a function of which that is not known. */
export function wholeQuery(
  facts: Pick<Facts, "named">,
  module: ModuleFacts,
  shape: QueryShape,
  depth = DEPTH,
): WholeQuery | null {
  const says = new Set(shape.says);
  let { preloads } = shape;
  const add = (given: WholeQuery): void => {
    for (const name of given.says) says.add(name);
    preloads = together(preloads, given.preloads);
  };
  for (const called of shape.through) {
    const given = givenBy(facts, module, called, depth);
    if (!given) return null;
    add(given.query);
    if (given.query.schema !== null) return { schema: given.query.schema, variable: null, says, preloads };
    if (!given.ofFirst) return null;
  }
  const { from } = shape;
  if (from?.kind === "function") {
    const given = givenBy(facts, module, from, depth);
    if (!given?.query.schema) return null;
    add(given.query);
    return { schema: given.query.schema, variable: null, says, preloads };
  }
  return {
    schema: from?.kind === "schema" ? from.name : null,
    variable: from?.kind === "variable" ? from.name : null,
    says,
    preloads,
  };
}

/** The query that a call of a project's function gives: of several clauses, what any of them says. */
function givenBy(
  facts: Pick<Facts, "named">,
  from: ModuleFacts,
  called: FunctionName,
  depth: number,
): { query: WholeQuery; ofFirst: boolean } | null {
  const found = depth > 0 ? clausesCalled(facts, from, called) : [];
  const queries: WholeQuery[] = [];
  let ofFirst = true;
  for (const { module, clause } of found) {
    const query = clause.gives && wholeQuery(facts, module, clause.gives, depth - 1);
    if (!query) return null;
    const start =
      query.schema === null ? defaultQuery(facts, module, clause, query.variable, called.arity, depth) : null;
    const schema = query.schema ?? start?.schema ?? null;
    const [first] = clause.params;
    ofFirst &&= query.variable !== null && first?.kind === "variable" && first.name === query.variable;
    if (queries[0] && queries[0].schema !== schema) return null;
    const preloads = together(start ? start.preloads : [], query.preloads);
    queries.push({ ...query, schema, preloads, says: new Set([...(start?.says ?? []), ...query.says]) });
  }
  const last = queries.at(-1);
  if (!last) return null;
  const says = new Set(queries.flatMap((query) => [...query.says]));
  const isKnown = queries.every(({ preloads }) => preloads !== null);
  const preloads = isKnown ? queries.flatMap((query) => query.preloads ?? []) : null;
  return { query: { ...last, says, preloads }, ofFirst };
}

/** The query that a function takes by default, where the call leaves that argument out: `def open(query \\ Ticket)`, `query \\ base()`. */
function defaultQuery(
  facts: Pick<Facts, "named">,
  module: ModuleFacts,
  clause: ClauseOfModule,
  variable: string | null,
  arity: number,
  depth: number,
): WholeQuery | null {
  if (variable === null || arity === clause.arity) return null;
  const index = clause.params.findIndex((param) => param.kind === "variable" && param.name === variable);
  const value = clause.defaultValues[index];
  if (value?.kind === "module") return { schema: value.value, variable: null, says: new Set(), preloads: [] };
  if (value?.kind !== "call") return null;
  const { name, args } = value;
  return givenBy(facts, module, { module: value.module, name, arity: args.length }, depth - 1)?.query ?? null;
}

function together(a: WholeQuery["preloads"], b: WholeQuery["preloads"]): WholeQuery["preloads"] {
  return a && b && [...a, ...b];
}

/** The clauses that the name stands for, when one module of the project has them. */
export function clausesCalled(
  facts: Pick<Facts, "named">,
  from: ModuleFacts,
  { module, name, arity }: FunctionName,
): readonly { readonly module: ModuleFacts; readonly clause: ClauseOfModule }[] {
  const modules = module === null || module === from.name ? [from] : facts.named(module);
  const [only] = modules;
  if (!only || modules.length !== 1) return [];
  return (only.byName.get(name) ?? [])
    .filter((clause) => clause.arity >= arity && clause.arity - clause.defaults <= arity)
    .map((clause) => ({ module: only, clause }));
}
