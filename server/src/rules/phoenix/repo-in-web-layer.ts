import { shortName } from "../../base/module-name.ts";
import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import { anchor, projectRule, type ViewContext } from "../../lint/rule.ts";
import { clausesOf, isLocalCall } from "../../project/calls/clauses.ts";
import { libraryKinds } from "../../project/calls/library-modules.ts";
import { type Boundary, boundaries, isDomain, isPluralOf } from "../../project/contexts/boundaries.ts";
import { type RepoAccess, repoAccesses } from "../../project/database/repo-accesses.ts";

/** What looks after the database itself, not after what is in it, and what tests call. */
const OPERATIONS = /Health|Telemetry|Sandbox|Ready|Alive|Migrat|Dashboard|Test/;

/** The calls of repositories in the modules of a name, by function. */
type AccessesOf = (module: string) => readonly (readonly RepoAccess[])[];

export default projectRule({
  id: "phoenix/repo-in-web-layer",
  category: "design",
  severity: "information",
  since: "0.1.0",
  summary: "The repository called in the web layer: a query that no context can reuse, scope or change in one place.",
  check(cx) {
    const { all } = cx.read(boundaries);
    const accesses = cx.read(repoAccesses);
    const names = all.filter(({ kind }) => kind === "web").flatMap(({ modules }) => modules);
    const modules = names.flatMap((name) => cx.named(name)).filter(isPartOfTheWeb);
    const functions = modules
      .flatMap((module) => accesses.of(module))
      .filter((calls) => !calls.every((access) => isFine(access, cx)));
    const accessesOf = (name: string) => cx.named(name).flatMap((module) => accesses.of(module));
    // A project without contexts is one by choice.
    if (functions.length === 0 || !hasContexts(all, accessesOf)) return;
    const isOwned = ownedTables(all, accessesOf);
    for (const found of functions) {
      const tables = found.flatMap(({ call }) => namesIn(call.args[0])).filter((name) => isSchema(name, all));
      if (tables.length === 0 || tables.some(isOwned)) reportFunction(cx, found);
    }
  },
});

/** Where schemas stand by themselves, and no namespace calls the repository, those with tables are more of such schemas. */
function hasContexts(all: readonly Boundary[], accessesOf: AccessesOf): boolean {
  if (!all.some((boundary) => ownsTables(boundary, all))) return false;
  const wraps = ({ modules }: Boundary): boolean => modules.some((name) => accessesOf(name).length > 0);
  return !all.some(({ kind }) => kind === "schema") || all.filter(isDomain).some(wraps);
}

/** By its namespace, or by its name: `Shop.Tags` beside the schema `Shop.Tag`. */
function ownsTables({ name, kind, schemas }: Boundary, all: readonly Boundary[]): boolean {
  if (kind !== "context") return false;
  return schemas.length > 0 || all.some((other) => other.kind === "schema" && isPluralOf(name, other.name));
}

/** A schema that stands by itself, beside the contexts. */
function isSchema(name: string, all: readonly Boundary[]): boolean {
  return all.some((boundary) => boundary.kind === "schema" && boundary.name === name);
}

/** Answers whether a context has such a schema's name, or it or the schema's module reads and writes its rows: else there is none to move a query to. */
function ownedTables(all: readonly Boundary[], accessesOf: AccessesOf): (schema: string) => boolean {
  const owners = all.filter(isDomain);
  let named: ReadonlySet<string> | null = null;
  return (schema) => {
    if (owners.some(({ name }) => isPluralOf(name, schema)) || accessesOf(schema).length > 0) return true;
    const calls = (): RepoAccess[] => owners.flatMap(({ modules }) => modules.flatMap(accessesOf).flat());
    named ??= new Set(calls().flatMap(({ call }) => namesIn(call.args[0])));
    return named.has(schema);
  };
}

/** The modules of what is given to a repository: `Tag`, `%Tag{}`, `tag |> Tag.changeset(attrs)`. */
function namesIn(given: Shape | undefined): readonly string[] {
  if (given?.kind === "module") return [given.value];
  if (given?.kind === "map") return given.struct === null ? [] : [given.struct];
  if (given?.kind !== "call") return [];
  return given.module === null ? namesIn(given.args[0]) : [given.module, ...namesIn(given.args[0])];
}

/** A store of sessions is where their data is. */
function isPartOfTheWeb({ name, behaviours }: ModuleFacts): boolean {
  return !OPERATIONS.test(name) && !behaviours.includes("Plug.Session.Store");
}

function reportFunction(cx: ViewContext, [first, ...rest]: readonly RepoAccess[]): void {
  if (!first) return;
  const { clause, call } = first;
  cx.report(
    placeOf(first),
    `\`${clause.name}/${clause.arity}\` calls \`${shown(call)}\` in the web layer, where nothing else can reuse it and no context knows of it; move it into a function of the context that owns the data.`,
    { related: rest.map((access) => ({ at: placeOf(access), message: `\`${shown(access.call)}\` too` })) },
  );
}

function isFine(access: RepoAccess, cx: ViewContext): boolean {
  // Its tables are of no context.
  if (access.call.module === "Oban.Repo") return true;
  return wrapsResponse(access) || isGeneric(access) || isLent(access, cx) || isPageOfOthers(access, cx);
}

/** A page of a query that a function outside of the web layer made: what is in it is decided there, how much of it is shown here. */
function isPageOfOthers({ clause, call }: RepoAccess, cx: ViewContext): boolean {
  if (call.name !== "paginate") return false;
  let [queryable] = call.args;
  while (queryable?.kind === "call" && queryable.args.length > 0 && !isMadeOutside(queryable.module, cx))
    [queryable] = queryable.args;
  if (queryable?.kind === "call") return isMadeOutside(queryable.module, cx);
  const name = queryable?.kind === "variable" ? queryable.name : null;
  if (name === null || clause.params.some((param) => param.kind === "variable" && param.name === name)) return false;
  return clause.calls.some(({ module }) => isMadeOutside(module, cx));
}

/** True for a module of the project's that is no repository and not of the web layer. */
function isMadeOutside(module: string | null, cx: ViewContext): boolean {
  if (module === null || cx.read(libraryKinds)(module) !== null || cx.named(module).length === 0) return false;
  return !cx.read(boundaries).all.some(({ kind, modules }) => kind === "web" && modules.includes(module));
}

/** A transaction around a response that is sent piece by piece, there or by functions of the page: the rows come from a stream, which wants one. */
function wrapsResponse({ module, clause, call }: RepoAccess): boolean {
  if (!/^transact(?:ion)?$/.test(call.name)) return false;
  const reached = new Set([clause]);
  for (const { calls } of reached) {
    if (calls.some(({ name }) => /^(?:send_chunked|chunk)$/.test(name))) return true;
    for (const inner of calls)
      if (isLocalCall(module, inner)) for (const own of clausesOf(module, inner.name, inner.arity)) reached.add(own);
  }
  return false;
}

const STANDARD = /^(?::|(?:Enum|Stream|Task|Kernel|Map|Keyword|List|Function|Ecto)(?:\.|$))/;

/** `Connection.from_query(query, &Repo.all/1, args)`: a library asks for what it needs of a query that somebody else made. */
function isLent({ clause, call }: RepoAccess, cx: ViewContext): boolean {
  const to = call.captured && typeof call.runs === "object" ? clause.calls[call.runs.handedTo]?.module : null;
  return typeof to === "string" && !STANDARD.test(to) && cx.named(to).length === 0;
}

const READS = /^(?:aggregate|all|exists\?|get!?|get_by!?|one!?|stream)$/;

/** A helper for others that reads whatever query it is given, to count its pages for example: it is of no table, so of no context. */
function isGeneric({ clause, call }: RepoAccess): boolean {
  if (clause.keyword !== "def" || !READS.test(call.name)) return false;
  let [queryable] = call.args;
  // `query |> limit(^size) |> Repo.all()`
  while (queryable?.kind === "call") [queryable] = queryable.args;
  return clause.params.some(
    (param) => param.kind === "variable" && queryable?.kind === "variable" && param.name === queryable.name,
  );
}

function placeOf({ module, clause, call }: RepoAccess) {
  return anchor(module, clause, call.at);
}

function shown(call: CallFact): string {
  return `${shortName(call.module ?? "")}.${call.name}`;
}
