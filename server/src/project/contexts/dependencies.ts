import type { Anchor, CallFact, ModuleFacts, Ordinal } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { looksLikeRepo } from "../calls/library-modules.ts";

/**
 * How a module depends on another: it calls its functions, makes its structs (`struct`) or takes them apart (`match`),
 * queries its table or writes to it by a repository, needs it to be compiled first (`use`, `import`, `require`), or has an association with it.
 */
export type DependencyKind = "call" | "struct" | "match" | "query" | "write" | "compile" | "association";

/** One place where a module depends on another. */
export interface Dependency {
  readonly kind: DependencyKind;
  readonly from: string;
  readonly to: string;
  /** The function that is called; empty for other kinds. */
  readonly name: string;
  readonly at: Anchor;
}

const KINDS = { build: "struct", update: "struct", match: "match", source: "query" } as const;

/** Where a module depends on others that `concerns` it, in source order by kind of fact. */
export function dependenciesOf(module: ModuleFacts, concerns: (module: string) => boolean): readonly Dependency[] {
  const found: Dependency[] = [];
  const add = (kind: DependencyKind, to: string, name: string, form: number, at: Ordinal): void => {
    if (to !== module.name && concerns(to))
      found.push({ kind, from: module.name, to, name, at: { path: module.path, form, at } });
  };
  for (const { use, form, at } of module.useForms) add("compile", use.module, "", form, at);
  for (const { modules, form, at } of module.bringingForms) for (const to of modules) add("compile", to, "", form, at);
  for (const { form, calls, references } of module.clauses) {
    for (const call of calls) {
      if (call.module === null) continue;
      // A function of a schema that adds to a query of it is no more than the query.
      if (subjectOf(call.args[0]) === call.module) add("query", call.module, "", form, call.at);
      else add("call", call.module, call.name, form, call.at);
      const written = subjectOf(writtenBy(call));
      const source = looksLikeRepo(call.module) ? call.args[0] : undefined;
      if (written !== null) add("write", written, "", form, call.at);
      else if (source?.kind === "module") add("query", source.value, "", form, call.at);
    }
    for (const { module: to, as, at } of references) add(KINDS[as], to, "", form, at);
  }
  if (module.schema) {
    const { form, associations } = module.schema;
    for (const { related, at } of associations) if (related !== null) add("association", related, "", form, at);
  }
  return found;
}

/** What `Repo.insert(it)` and `Multi.insert(multi, name, it)` write; undefined for other calls. */
function writtenBy({ module, name, args, transaction }: CallFact): Shape | undefined {
  if (module === null || !/^(?:insert|update|delete)/.test(name)) return undefined;
  if ((transaction || module === "Ecto.Multi") && args.some(onlyCounts)) return undefined;
  return looksLikeRepo(module) ? args[0] : module === "Ecto.Multi" ? args[2] : undefined;
}

/** `inc: [comments: 1]`: with the row that is counted, as part of its transaction, where there is nothing of a sum to check. */
function onlyCounts(shape: Shape): boolean {
  return shape.kind === "keyword" && shape.entries.length > 0 && shape.entries.every(([key]) => key === "inc");
}

/** The schema of a struct, a query or a changeset, as far as its beginning says. */
function subjectOf(shape: Shape | undefined): string | null {
  if (shape?.kind === "module") return shape.value;
  if (shape?.kind === "map") return shape.struct;
  if (shape?.kind !== "call") return null;
  return subjectOf(shape.args[0]) ?? (/changeset/.test(shape.name) ? shape.module : null);
}
