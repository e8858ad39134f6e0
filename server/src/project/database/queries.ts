import type { Anchor, ModuleFacts, QueryFact } from "../../facts/facts.ts";
import { listOf } from "../conclusions.ts";
import type { Facts } from "../project.ts";
import { columnOf, schemas } from "./schemas.ts";

/** What a query asks of one table, by its columns. */
export interface Query {
  readonly at: Anchor;
  readonly table: string;
  readonly equal: readonly string[];
  readonly range: readonly string[];
  readonly order: readonly string[];
  /** Columns that are compared after a function made something else of them: `lower(email)`. */
  readonly wrapped: readonly { readonly at: Anchor; readonly column: string; readonly expression: string }[];
}

/** All queries of the project whose table is known, in the order of their files. */
export const queries = listOf({
  name: "queries",
  slices: ["queries", "schemas"],
  subjects: (facts) => facts.where(hasQueries),
  conclude: queriesIn,
});

function queriesIn(facts: Facts, module: ModuleFacts): readonly Query[] {
  const known = facts.read(schemas);
  return module.clauses.flatMap((clause) =>
    clause.queries.flatMap((fact): Query[] => {
      const schema = "schema" in fact.source ? known.of(fact.source.schema) : null;
      const table = "table" in fact.source ? fact.source.table : (schema?.source ?? null);
      if (table === null) return [];
      const column = (field: string): string => columnOf(schema, field);
      const place = (at: number): Anchor => ({ path: module.path, form: clause.form, at });
      const wrapped = fact.wrapped.map((one) => {
        const name = column(one.column);
        return { at: place(one.at), column: name, expression: one.expression.replace("?", name) };
      });
      return [{ at: place(fact.at), table, wrapped, ...columns(fact, column) }];
    }),
  );
}

function hasQueries({ clauses }: ModuleFacts): boolean {
  return clauses.some((clause) => clause.queries.length > 0);
}

function columns(fact: QueryFact, column: (field: string) => string): Pick<Query, "equal" | "range" | "order"> {
  return { equal: fact.equal.map(column), range: fact.range.map(column), order: fact.order.map(column) };
}
