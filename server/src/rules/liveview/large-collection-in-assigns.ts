import type { Anchor, AssignSet, ClauseOfModule } from "../../facts/facts.ts";
import { moduleRule, type Report, suggest } from "../../lint/rule.ts";
import { assignFlow, type KeyFlow, type Placed, placeOf } from "../../project/assign-flow.ts";
import { effects } from "../../project/effects/effects.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { allRows } from "../../project/rows.ts";
import { streamInstead } from "../../refactor/stream-instead.ts";

/** Lists that are short in any application, as those that people fill in by hand are, by what they are called. */
const SMALL =
  /(?:^|_)(?:options|tags|labels|roles|categories|types|kinds|status(?:es)?|languages|locales|countries|time_?zones|currencies|plans|permissions|scopes|settings|tabs|steps|filters|columns|colors|themes|platforms|architectures|org(?:anization)?s|accounts|teams|tokens|keys|invites|credentials|certificates|secrets|domains|webhooks|versions)$|^(?:available|suggested|recent|latest|top|selected|pinned|featured|inflight)_/;

export default moduleRule({
  id: "liveview/large-collection-in-assigns",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A whole collection is kept in the assigns: every open page holds all of its rows in memory.",
  check(module, cx) {
    const flow = cx.about(assignFlow, module);
    for (const [key, { sets, reads }] of flow?.keys ?? []) {
      const listed = reads.filter(({ fact, clause }) => fact.template && (fact.how === "loop" || isTable(clause, key)));
      if (listed.length === 0 || SMALL.test(key) || sets.some(({ fact }) => fact.by === "temporary")) continue;
      const grown = growing({ sets, reads });
      if (grown) {
        cx.report(
          placeOf(grown),
          `\`${key}\` grows with every message, and nothing takes anything away: each open page holds all of them; \`stream_insert\` them with a \`:limit\`, or keep the newest.`,
        );
        continue;
      }
      const isState = reads.some(
        (read) => !read.fact.template || (read.fact.how === "passed" && !listed.includes(read)),
      );
      if (flow?.readByAnyone || isState) continue;
      const loads = sets.flatMap((set) => {
        const [index] = set.fact.value.rows;
        const call = index === undefined ? undefined : set.clause.calls[index];
        const rows = call && allRows(call, set.clause, module, (other) => cx.about(effects, other));
        return call && rows ? [{ set, call, rows }] : [];
      });
      const [first] = loads;
      if (!first || loads.length < sets.filter(({ fact }) => fact.value.kind !== "empty").length) continue;
      const last = first.rows.hops.at(-1);
      const [only] = reads.length === 1 && sets.every(({ fact }) => fact.by === "assign") ? listed : [];
      const whole = first.rows.wholeTable
        ? "every row of its table"
        : "all rows that match, however many there come to be";
      const report: Report<Anchor> = {
        ...(first.rows.wholeTable ? {} : { severity: "information" as const }),
        related: [
          ...first.rows.hops.slice(1).map((hop) => ({
            at: { path: hop.module.path, form: hop.clause.form, at: hop.call.at },
            message: hop === last ? "The rows are loaded here" : `\`${nameOfCall(hop.call)}\` is called here`,
          })),
          ...listed.slice(0, 1).map((read) => ({ at: placeOf(read), message: "The template lists them here" })),
        ],
        fixes: only
          ? [suggest(`Make \`${key}\` a stream`, streamInstead(key, sets.map(placeOf), placeOf(only)), SINCE)]
          : [],
      };
      cx.report(
        placeOf(first.set),
        `\`${key}\` holds what \`${nameOfCall(first.call)}\` loads, ${whole}, as long as the page is open, and the template only shows them; \`stream\` them, or load a page at a time.`,
        report,
      );
    }
  },
});

const SINCE = { phoenix_live_view: "0.18.12" };

/** True where all that gets the list is a table's rows: `<.table rows={@parcels}>`. */
function isTable({ assigns }: ClauseOfModule, key: string): boolean {
  const given = (assigns?.components ?? []).flatMap(({ name, passes }) =>
    passes.flatMap(([attribute, passed]) => (passed === key ? [/table/.test(name) && attribute === "rows"] : [])),
  );
  return given.length > 0 && !given.includes(false);
}

/** Where a message from outside is added to what was there, when nothing but the start sets the key in another way. */
function growing({ sets, reads }: KeyFlow): Placed<AssignSet> | undefined {
  const grown = sets.find(({ clause, fact }) => fact.value.kind === "added" && clause.name === "handle_info");
  const adding = new Set(sets.filter(({ fact }) => fact.value.kind === "added").map(({ clause }) => clause));
  const others = sets.filter(
    ({ clause, fact }) => fact.value.kind !== "added" && !/^(?:mount|update)$/.test(clause.name),
  );
  return others.length === 0 && reads.every(({ fact, clause }) => fact.template || adding.has(clause))
    ? grown
    : undefined;
}
