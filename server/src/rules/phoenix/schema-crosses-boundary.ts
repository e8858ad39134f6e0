import { shortName } from "../../base/module-name.ts";
import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { type Anchor, anchor, projectRule, type ViewContext } from "../../lint/rule.ts";
import { looksLikeRepo } from "../../project/calls/library-modules.ts";
import { type Boundary, isPluralOf } from "../../project/contexts/boundaries.ts";
import { contexts, type Edge } from "../../project/contexts/contexts.ts";
import { type Dependency, dependenciesOf } from "../../project/contexts/dependencies.ts";
import { dataMigrations } from "../../project/database/data-migrations.ts";

const MAX_RELATED = 8;
/** What sets up, mends or clears away everything reaches everywhere. */
const MAINTAINS = /Erase|Reset|Purge|Clean|Repair|Seed|Import|Migrat|Backfill|Onboard|Fixture|Factory|Demo|Wipe/;

export default projectRule({
  id: "phoenix/schema-crosses-boundary",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "A context changes rows of another context's schema itself and so goes past the rules that it has for them.",
  check(cx) {
    for (const edge of cx.read(contexts).edges) {
      if (edge.from.kind !== "context" || edge.to.kind !== "context") continue;
      for (const schema of edge.to.schemas) reportSchema(cx, edge, schema);
    }
  },
});

/** Once for a schema that a context changes beside its owner. */
function reportSchema(cx: ViewContext, { from, to: owner, places }: Edge, schema: string): void {
  // `Matches` is the context of `Match`, wherever the schema stands.
  if (isPluralOf(from.name, schema)) return;
  const isSchema = (module: string): boolean => cx.named(module).some((found) => found.schema !== null);
  const finished = cx.read(dataMigrations);
  const ways = new Map(VERBS.map((verb) => [verb, ownWay(cx, owner, schema, verb)]));
  const changes = places.filter(
    (place) =>
      place.kind === "write" &&
      place.to === schema &&
      !isSchema(place.from) &&
      !MAINTAINS.test(place.from) &&
      !finished.has(place.at.path) &&
      !isTogether(place, owner, cx) &&
      ways.get(verbOf(place, cx)),
  );
  const [first, ...rest] = changes;
  const own = first ? (ways.get(verbOf(first, cx)) ?? null) : null;
  if (!first || !own) return;
  const [context, its, short] = [from.name, owner.name, schema].map(shortName);
  const more =
    rest.length === 0 ? "" : rest.length === 1 ? " and in one more place" : ` and in ${rest.length} more places`;
  cx.report(
    first.at,
    `\`${context}\` changes \`${short}\` of the context \`${its}\` here${more}, past what \`${its}\` does besides when it changes one, as in \`${own.name}\`; let a function of \`${its}\` do it.`,
    {
      related: [
        { at: own.at, message: `\`${own.name}\` changes one, and does more` },
        ...rest
          .slice(0, MAX_RELATED)
          .map(({ at, from }) => ({ at, message: `\`${shortName(from)}\` changes \`${short}\` too` })),
      ],
    },
  );
}

interface Way {
  readonly at: Anchor;
  readonly name: string;
}

/** True where the function that writes calls the owner too, which may do the rest. */
function isTogether({ from, at }: Dependency, owner: Boundary, cx: ViewContext): boolean {
  const clause = clauseAt(from, at, cx);
  const known = new Set(owner.modules.filter((name) => cx.named(name).every(({ schema }) => schema === null)));
  return clause?.calls.some(({ module }) => module !== null && known.has(module)) === true;
}

/** What is done besides for the one need not be for the other. */
const VERBS = ["insert", "update", "delete"];

function verbOf({ from, at }: Dependency, cx: ViewContext): string {
  const name = clauseAt(from, at, cx)?.calls.find((call) => call.at === at.at)?.name ?? "";
  return VERBS.find((verb) => name.startsWith(verb)) ?? "";
}

function clauseAt(module: string, { path, form, at }: Anchor, cx: ViewContext): ClauseOfModule | undefined {
  return cx
    .named(module)
    .filter((found) => found.path === path)
    .flatMap(({ clauses }) => clauses)
    .find((clause) => clause.form === form && clause.calls.some((call) => call.at === at));
}

/** Writes, and the changesets made for them. A changeset alone may go to a function of the owner. */
function isChange({ kind, name }: Dependency): boolean {
  return kind === "write" || (kind === "call" && /changeset/.test(name));
}

/** A function of the owner that changes the schema in the same way and does more than that; null where the owner has no rules to go past. */
function ownWay(cx: ViewContext, owner: Boundary, schema: string, verb: string): Way | null {
  for (const module of owner.modules.flatMap((name) => cx.named(name))) {
    if (module.schema !== null) continue;
    const changes = dependenciesOf(module, (to) => to === schema).filter(isChange);
    const forms = new Set(changes.map(({ at }) => at.form));
    const clause = module.clauses.find(
      ({ form, calls }) =>
        forms.has(form) &&
        calls.some(({ name }) => name.startsWith(verb)) &&
        calls.some((call) => isMore(call, module, schema, cx)),
    );
    if (clause)
      return {
        at: anchor(module, clause, clause.at),
        name: `${shortName(module.name)}.${clause.name}/${clause.arity}`,
      };
  }
  return null;
}

/** A call of another function of the project, beside the schema's and the repository's. */
function isMore({ module, name }: CallFact, own: ModuleFacts, schema: string, cx: ViewContext): boolean {
  if (module === null) return own.byName.has(name);
  return module !== schema && module !== own.name && !looksLikeRepo(module) && cx.named(module).length > 0;
}
