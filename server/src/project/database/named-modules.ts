import type { ClauseOfModule, ModuleFacts, Ordinal } from "../../facts/facts.ts";

/** A place where a function names a module as one names a schema. */
export interface NamedModule {
  readonly name: string;
  readonly clause: ClauseOfModule;
  readonly at: Ordinal;
  /** As a struct or the source of a query, and so surely a schema or another struct. */
  readonly certain: boolean;
}

/** The functions of a repository that take a schema, as a query or as what it is of. */
const QUERIED = /^(?:all|one|get|get_by|exists\?|aggregate|stream|reload|insert_all|update_all|delete_all)!?$/;

/**
 * Where the functions of a module name others as structs, as sources of queries, as the schema in a call of a repository, or
 * to make changesets; by function, structs and sources of queries first.
 */
export function namedIn(module: ModuleFacts): readonly NamedModule[] {
  return module.clauses.flatMap((clause) => {
    const place = (name: string, at: Ordinal, certain: boolean): NamedModule => ({ name, clause, at, certain });
    const named = clause.references.map(({ module: name, at }) => place(name, at, true));
    for (const { module: of, name, args, at } of clause.calls) {
      if (QUERIED.test(name) && args[0]?.kind === "module") named.push(place(args[0].value, at, false));
      else if (of !== null && /changeset/.test(name)) named.push(place(of, at, false));
    }
    for (const { source, at } of clause.queries) {
      // What is joined; the first source of a query is known already.
      if ("schema" in source && named.every(({ name }) => name !== source.schema))
        named.push(place(source.schema, at, true));
    }
    return named;
  });
}
