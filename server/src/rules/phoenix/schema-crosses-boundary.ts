import { shortName } from "../../base/module-name.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import { projectRule, type ViewContext } from "../../lint/rule.ts";
import type { Boundary } from "../../project/contexts/boundaries.ts";
import { contexts, type Edge } from "../../project/contexts/contexts.ts";
import { type Dependency, dependenciesOf } from "../../project/contexts/dependencies.ts";

const MAX_RELATED = 8;
/** What sets up, mends or clears away everything reaches everywhere. */
const MAINTAINS = /Erase|Reset|Purge|Clean|Repair|Seed|Import|Migrat|Backfill|Onboard|Fixture|Factory|Demo/;

export default projectRule({
  id: "phoenix/schema-crosses-boundary",
  category: "design",
  severity: "hint",
  since: "0.1.0",
  summary: "A context changes rows of another context's schema itself and so goes past the rules that it has for them.",
  check(cx) {
    for (const edge of cx.read(contexts).edges) {
      if (edge.from.kind !== "context" || edge.to.kind !== "context") continue;
      for (const schema of edge.to.schemas) reportSchema(cx, edge, schema);
    }
  },
});

/** Once for a schema that a context changes beside its owner. */
function reportSchema(cx: ViewContext, { from, to, places }: Edge, schema: string): void {
  const isSchema = (module: string): boolean => cx.named(module).some((found) => found.schema !== null);
  const changes = places.filter(
    (place) => place.to === schema && place.kind === "write" && !isSchema(place.from) && !MAINTAINS.test(place.from),
  );
  const [first, ...rest] = changes;
  if (!first || !changesItself(cx, to, schema)) return;
  const [context, owner, short] = [from.name, to.name, schema].map(shortName);
  const more =
    rest.length === 0 ? "" : rest.length === 1 ? " and in one more place" : ` and in ${rest.length} more places`;
  cx.report(
    first.at,
    `\`${context}\` changes \`${short}\` of the context \`${owner}\` here${more}, past what \`${owner}\` checks and announces when it does so itself; let a function of \`${owner}\` do it.`,
    {
      related: rest
        .slice(0, MAX_RELATED)
        .map(({ at, from }) => ({ at, message: `\`${shortName(from)}\` changes \`${short}\` too` })),
    },
  );
}

/** Writes, and the changesets made for them. A changeset alone may go to a function of the owner. */
function isChange({ kind, name }: Dependency): boolean {
  return kind === "write" || (kind === "call" && /changeset/.test(name));
}

/** A schema that nobody in its namespace changes is another context's in all but name. */
function changesItself(cx: ViewContext, owner: Boundary, schema: string): boolean {
  const changes = (module: ModuleFacts): boolean =>
    module.schema === null && dependenciesOf(module, (to) => to === schema).some(isChange);
  return owner.modules.flatMap((name) => cx.named(name)).some(changes);
}
