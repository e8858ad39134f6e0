import { shortName } from "../../base/module-name.ts";
import type { CallFact, ModuleFacts } from "../../facts/facts.ts";
import { anchor, projectRule, type ViewContext } from "../../lint/rule.ts";
import { type Boundary, boundaries, isPluralOf } from "../../project/contexts/boundaries.ts";
import { type RepoAccess, repoAccesses } from "../../project/database/repo-accesses.ts";

/** What looks after the database itself, not after what is in it, and what tests call. */
const OPERATIONS = /Health|Telemetry|Sandbox|Ready|Alive|Migrat|Dashboard|Test/;

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
      .filter((calls) => !calls.every((access) => wrapsResponse(access) || isGeneric(access)));
    if (all.some((boundary) => ownsTables(boundary, all))) for (const found of functions) reportFunction(cx, found);
    else reportProject(cx, functions.flat());
  },
});

/** By its namespace, or by its name: `Shop.Tags` beside the schema `Shop.Tag`. */
function ownsTables({ name, kind, schemas }: Boundary, all: readonly Boundary[]): boolean {
  if (kind !== "context") return false;
  return schemas.length > 0 || all.some((other) => other.kind === "schema" && isPluralOf(name, other.name));
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

/** Where there are no contexts, that is the finding, and not each of its consequences. */
function reportProject(cx: ViewContext, all: readonly RepoAccess[]): void {
  const [first] = all;
  if (!first) return;
  const modules = new Set(all.map(({ module }) => module));
  const others = modules.size - 1;
  const inOthers = others === 0 ? "" : others === 1 ? ", as one more module does," : `, as ${others} more modules do,`;
  cx.report(
    placeOf(first),
    `\`${first.clause.name}/${first.clause.arity}\` calls \`${shown(first.call)}\` in the web layer${inOthers} and the project has no context that owns tables; collect the queries of related tables in a context.`,
    { severity: "hint" },
  );
}

/** A transaction around a response that is sent piece by piece: the rows come from a stream, which wants one. */
function wrapsResponse({ clause, call }: RepoAccess): boolean {
  return /^transact(?:ion)?$/.test(call.name) && clause.calls.some(({ name }) => name === "chunk");
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
