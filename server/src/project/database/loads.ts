import type { Association, ClauseOfModule, LoadFact, ModuleFacts, SchemaFacts } from "../../facts/facts.ts";
import { byModule } from "../conclusions.ts";
import type { Facts } from "../project.ts";
import { clausesCalled, wholeQuery } from "./query-shapes.ts";
import { schemas } from "./schemas.ts";

/** Rows of a known schema that a function loads, and what it does with them. */
export interface Load {
  readonly clause: ClauseOfModule;
  readonly fact: LoadFact;
  /** The module of the schema. */
  readonly schema: string;
  readonly declares: SchemaFacts;
  /** The names of the query's clauses, with those that functions add. */
  readonly says: readonly string[];
  /** The associations that the query, or the function that runs it, preloads; null where they are computed. */
  readonly preloads: readonly string[] | null;
  /** False where another function of the project runs the query. */
  readonly direct: boolean;
}

type Loads = readonly Load[];

const NONE: Loads = [];
/** How many functions deep rows are followed to the query that loads them. */
const DEPTH = 3;

/** What each module loads: by the repository, and by functions of the project that do nothing else. */
export const loads = byModule({
  name: "loads",
  slices: ["queries", "schemas"],
  isAbout: hasLoads,
  nothing: NONE,
  conclude: loadsIn,
  same: sameLoads,
});

/** Of one module: its clauses and their facts are the same objects. */
function sameLoads(a: Loads, b: Loads): boolean {
  const known = ({ schema, declares, says, preloads, direct }: Load) => [schema, declares, says, preloads, direct];
  return (
    a.length === b.length &&
    a.every((load, i) => load.fact === b[i]?.fact && JSON.stringify(known(load)) === JSON.stringify(known(b[i])))
  );
}

function hasLoads(module: ModuleFacts): boolean {
  return module.clauses.some((clause) => clause.loads.length > 0);
}

function loadsIn(facts: Facts, module: ModuleFacts): Loads {
  const out = module.clauses.flatMap((clause) =>
    clause.loads.flatMap((fact) => loadOf(facts, module, clause, fact, DEPTH) ?? []),
  );
  return out.length > 0 ? out : NONE;
}

function loadOf(facts: Facts, module: ModuleFacts, clause: ClauseOfModule, fact: LoadFact, depth: number): Load | null {
  if (fact.query) {
    const query = wholeQuery(facts, module, fact.query);
    const declares = query?.schema ? facts.read(schemas).of(query.schema) : null;
    if (!query?.schema || !declares) return null;
    const { schema, says, preloads } = query;
    return { clause, fact, schema, declares, says: [...says], preloads, direct: true };
  }
  if (depth === 0) return null;
  const loads: Load[] = [];
  let preloads: Load["preloads"] = [];
  for (const target of clausesCalled(facts, module, fact)) {
    const inner = target.clause.loads.find(({ value }) => value !== null);
    const load = inner && loadOf(facts, target.module, target.clause, inner, depth - 1);
    if (!load || inner.value?.many !== fact.many || (loads[0] && loads[0].schema !== load.schema)) return null;
    loads.push(load);
    preloads = together(together(preloads, load.preloads), inner.value.preloads);
  }
  const [first] = loads;
  return first
    ? { ...first, clause, fact, says: [...new Set(loads.flatMap(({ says }) => says))], preloads, direct: false }
    : null;
}

function together(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  return a && b && [...a, ...b];
}

/** The association that the row's field is, where nothing has loaded it; null where it may be loaded, or is a column. */
export function unloaded({ declares, says, preloads }: Load, read: LoadFact["reads"][number]): Association | null {
  const association = associationOf(declares, read.field);
  const loaded = together(preloads, read.preloads);
  if (!association || loaded === null || says.some((name) => /^(?:select|select_merge|union|union_all)$/.test(name)))
    return null;
  // `has_many :tags, through: [:taggings, :tag]` loads what it goes through.
  const through = loaded.some((name) => associationOf(declares, name)?.related === null);
  return through || loaded.includes(read.field) ? null : association;
}

function associationOf(schema: SchemaFacts, name: string): Association | null {
  return schema.associations.find((one) => one.name === name && !one.kind.startsWith("embeds")) ?? null;
}
