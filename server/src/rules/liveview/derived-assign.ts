import type { ClauseOfModule } from "../../facts/facts.ts";
import { moduleRule, suggest } from "../../lint/rule.ts";
import { type AssignFlow, assignFlow, type KeyFlow, placeOf, setFrom } from "../../project/live/assign-flow.ts";
import { inlineAssign } from "../../refactor/inline-assign.ts";

const KNOWN = /^(?:page_title|form|changeset|live_action|current_\w+)$/;

const MAX_READS = 3;
const MAX_SOURCES = 2;

export default moduleRule({
  id: "liveview/derived-assign",
  category: "design",
  severity: "information",
  default: "off",
  since: "0.1.0",
  summary: "An assign is computed from another one alone: it costs memory, and one day an update forgets it.",
  check(module, cx) {
    const flow = cx.about(assignFlow, module);
    if (!flow || flow.readByAnyone) return;
    for (const [key, known] of flow.keys) {
      const sources = sourcesOf(known, flow);
      const first = known.sets.find(({ fact }) => fact.value.from);
      if (!first || !sources || KNOWN.test(key) || flow.readElsewhere.has(key)) continue;
      const forgetting = sources.flatMap((source) =>
        (flow.keys.get(source)?.sets ?? []).filter(
          ({ clause }) => /^(?:mount|update|handle_\w+)$/.test(clause.name) && !setFrom(module, clause).has(key),
        ),
      );
      if (forgetting.some(({ clause }) => isOtherPage(clause, known))) continue;
      const [stale] = forgetting;
      // What is set in one place is set together there: no update can forget it.
      if (!stale && !sources.some((source) => isSetAgain(flow.keys.get(source)))) continue;
      // Shown in many places, or put together from many keys, it is worth a name.
      if (!stale && (known.reads.length > MAX_READS || sources.length > MAX_SOURCES)) continue;
      const names = sources
        .map((source) => `\`${source}\``)
        .join(", ")
        .replace(/, (?=[^,]*$)/, " and ");
      const many = sources.length > 1;
      cx.report(
        placeOf(first),
        stale
          ? `\`${key}\` is computed from ${names}, and \`${stale.clause.name}\` sets \`${stale.fact.key}\` without it, so that the page shows an old \`${key}\`; compute it where it is shown.`
          : `\`${key}\` is computed from ${names} alone, which ${many ? "are" : "is"} assigned as well; compute it where it is shown, so that no update can forget it.`,
        {
          ...(stale ? { severity: "warning" as const } : {}),
          related: forgetting.map((set) => ({
            at: placeOf(set),
            message: `\`${set.fact.key}\` is set here without it`,
          })),
          fixes: [
            suggest(
              `Compute \`${key}\` in the template`,
              inlineAssign(key, placeOf(first), known.sets.map(placeOf), known.reads.map(placeOf)),
            ),
          ],
        },
      );
    }
  },
});

/** Each clause of `handle_params` sets what its own live action shows. */
function isOtherPage({ name }: ClauseOfModule, { sets }: KeyFlow): boolean {
  return name === "handle_params" && sets.some(({ clause }) => clause.name === name);
}

function isSetAgain(source: KeyFlow | undefined): boolean {
  return source !== undefined && source.sets.length > 1;
}

/** The keys that this one is computed from wherever it is set but for its first value; null where it is more than that. */
function sourcesOf({ sets, reads }: KeyFlow, flow: AssignFlow): readonly string[] | null {
  const [shown] = reads;
  if (!shown || reads.some(({ fact }) => !fact.template)) return null;
  const derived = sets.filter(({ fact }) => fact.value.from);
  const sources = derived[0]?.fact.value.from ?? [];
  const others = sets.filter((set) => !derived.includes(set));
  const isFirst = others.every(
    ({ clause, fact }) => clause.name === "mount" && /^(?:empty|literal)$/.test(fact.value.kind),
  );
  const isSame = derived.every(({ fact }) => !fact.inRender && fact.value.from?.join() === sources.join());
  const isKept = sources.every((source) => {
    const { sets: given = [] } = flow.keys.get(source) ?? {};
    return given.length > 0 && given.every(({ fact }) => /^(?:assign|update)$/.test(fact.by) && !fact.inRender);
  });
  return isFirst && isSame && isKept && sources.length > 0 ? sources : null;
}
