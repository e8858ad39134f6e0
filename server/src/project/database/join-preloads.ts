import type { ClauseOfModule, JoinPreloadFact, ModuleFacts } from "../../facts/facts.ts";
import { byModule } from "../conclusions.ts";
import type { Facts } from "../project.ts";
import { wholeQuery } from "./query-shapes.ts";
import { schemas } from "./schemas.ts";

/** A query of a known schema that fills associations from its joins. */
export interface JoinPreload {
  readonly clause: ClauseOfModule;
  readonly fact: JoinPreloadFact;
  /** The module of the schema. */
  readonly schema: string;
  /** The associations of the schema that may have many rows for one. */
  readonly many: JoinPreloadFact["associations"];
  /** True when the query, or a function that it goes through, has a `limit` or an `offset`. */
  readonly limited: boolean;
}

const NONE: readonly JoinPreload[] = [];

/** The queries of each module that preload from joins. */
export const joinPreloads = byModule({
  name: "join preloads",
  slices: ["queries", "schemas"],
  isAbout: hasAny,
  nothing: NONE,
  conclude: joinPreloadsIn,
  same: sameQueries,
});

/** Of one module: its clauses and their facts are the same objects. */
function sameQueries(a: readonly JoinPreload[], b: readonly JoinPreload[]): boolean {
  const known = ({ schema, many, limited }: JoinPreload) => [schema, many, limited];
  return (
    a.length === b.length &&
    a.every((one, i) => one.fact === b[i]?.fact && JSON.stringify(known(one)) === JSON.stringify(known(b[i])))
  );
}

function hasAny(module: ModuleFacts): boolean {
  return module.clauses.some((clause) => clause.joinPreloads.length > 0);
}

function joinPreloadsIn(facts: Facts, module: ModuleFacts): readonly JoinPreload[] {
  const out = module.clauses.flatMap((clause) =>
    clause.joinPreloads.flatMap((fact) => {
      const { query } = fact;
      const whole = wholeQuery(facts, module, query);
      // What a function adds that is not known makes no to-many association one row; only a limit may be missed.
      const root = query.from?.kind === "schema" ? query.from.name : (whole?.schema ?? ownSchema(module, query.from));
      const declares = root === null ? null : facts.read(schemas).of(root);
      if (root === null || !declares) return [];
      const isFilled = (name: string | null): boolean => fact.associations.some((one) => one.name === name);
      // What is reached through another one brings no rows that the join with that one has not.
      const isMany = (name: string): boolean =>
        declares.associations.some(
          (one) => one.name === name && /^(?:has_many|many_to_many)$/.test(one.kind) && !isFilled(one.through),
        );
      const limited = [...(whole?.says ?? query.says)].some((name) => name === "limit" || name === "offset");
      const many = fact.associations.filter(({ name }) => isMany(name));
      return [{ clause, fact, schema: root, many, limited }];
    }),
  );
  return out.length > 0 ? out : NONE;
}

/** A query that a function of the schema's own module is given is one of that schema. */
function ownSchema(module: ModuleFacts, from: JoinPreloadFact["query"]["from"]): string | null {
  return from?.kind === "variable" && module.schema ? module.name : null;
}
