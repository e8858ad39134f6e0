import type { ClauseOfModule } from "../../facts/facts.ts";
import { moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { isReference } from "../../project/database/reference-tables.ts";
import { effects } from "../../project/effects/effects.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { type AppendedList, appendedLists } from "../../project/live/appended-lists.ts";
import { type AssignFlow, assignFlow, type KeyFlow, placeOf } from "../../project/live/assign-flow.ts";
import { changeOf, changingAt, growingAt, isListedBy } from "../../project/live/kept-lists.ts";
import { type KeptRows, keptRows } from "../../project/live/kept-rows.ts";
import { streamInstead } from "../../refactor/stream-instead.ts";

/** Lists that are short in any application, as those that people fill in by hand are, or what waits for one, by what they are called. */
const SMALL =
  /(?:^|_)(?:tags|labels|tabs|steps|filters|columns|colors|themes|platforms|architectures|org(?:anization)?s|accounts|teams|tokens|keys|invites|credentials|certificates|secrets|domains|webhooks|versions)$|^(?:available|valid|suggested|recent|latest|top|selected|pinned|featured|inflight|pending|awaiting)_/;

export default moduleRule({
  id: "liveview/large-collection-in-assigns",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A whole collection is kept in the assigns: every open page holds all of its rows in memory.",
  check(module, cx) {
    const flow = cx.about(assignFlow, module);
    if (!flow?.leex) for (const list of appendedLists(module, flow)) reportAppended(cx, list);
    for (const [key, keyFlow] of flow?.keys ?? []) {
      if (!flow || SMALL.test(key) || isReference(key) || keyFlow.sets.some(({ fact }) => fact.by === "temporary"))
        continue;
      const isListed = (clause: ClauseOfModule): boolean => isListedBy(module, clause, key, (name) => cx.named(name));
      if (reportChanges(cx, key, keyFlow, flow, isListed)) continue;
      const kept = keptRows(keyFlow, flow, module, isListed, (other) => cx.about(effects, other));
      if (kept) reportRows(cx, key, kept, keyFlow, flow);
    }
  },
});

const SINCE = { phoenix_live_view: "0.18.12" };

/** Where the browser keeps a list that is a temporary assign, which is what one did before there were streams. */
function reportAppended(cx: ViewContext, { key, set, shown }: AppendedList): void {
  cx.report(
    placeOf(set),
    `\`${key}\` goes into a container with \`phx-update="append"\` or \`"prepend"\`, which streams replace and LiveView 0.20.2 deprecates; \`stream\` it: then rows can be changed, taken away and limited as well.`,
    {
      severity: "information",
      requires: SINCE,
      related: [{ at: placeOf(shown), message: "It is shown here" }],
    },
  );
}

/** Reports a list that messages make longer, or change one element of; false where none does. */
function reportChanges(
  cx: ViewContext,
  key: string,
  keyFlow: KeyFlow,
  flow: AssignFlow,
  isListed: (clause: ClauseOfModule) => boolean,
): boolean {
  const grown = growingAt(key, keyFlow, flow);
  for (const set of grown)
    cx.report(
      changeOf(set),
      `\`${key}\` grows with every message, and nothing takes a single one away: each open page holds all of them; ${flow.leex ? "" : "`stream_insert` them with a `:limit`, or "}keep the newest.`,
      { requires: requiredBy(flow) },
    );
  if (grown.length > 0) return true;
  const changed = changingAt(key, keyFlow, flow, isListed);
  if (changed)
    cx.report(
      changeOf(changed),
      `\`${key}\` is kept only for the template to list it, and each message changes one of its elements: every open page holds them all; ${flow.leex ? "make it a temporary assign, in a container with `phx-update`" : "make it a stream, with `stream_insert` and `stream_delete`"}.`,
      { severity: "information", requires: requiredBy(flow) },
    );
  return changed !== undefined;
}

function reportRows(cx: ViewContext, key: string, kept: KeptRows, { sets }: KeyFlow, flow: AssignFlow): void {
  const { call, rows, whole, shown, isState, isOnlyShown, loop } = kept;
  const last = rows.hops.at(-1);
  const what = whole ? "every row of its table" : "all rows that match, however many there come to be";
  const use = isState
    ? "; load what an event is about by its id, and"
    : isOnlyShown
      ? ", and the template only shows them;"
      : ";";
  cx.report(
    placeOf(kept.set),
    `\`${key}\` holds what \`${nameOfCall(call)}\` loads, ${what}, as long as the page is open${use} ${flow.leex ? "list them under `temporary_assigns`" : "`stream` them"}, or load a page at a time.`,
    {
      requires: requiredBy(flow),
      ...(whole && isOnlyShown ? {} : { severity: "information" }),
      related: [
        ...rows.hops.slice(1).map((hop) => ({
          at: { path: hop.module.path, form: hop.clause.form, at: hop.call.at },
          message: hop === last ? "The rows are loaded here" : `\`${nameOfCall(hop.call)}\` is called here`,
        })),
        ...shown.slice(0, 1).map((read) => ({ at: placeOf(read), message: "They are shown here" })),
      ],
      fixes: loop
        ? [suggest(`Make \`${key}\` a stream`, streamInstead(key, sets.map(placeOf), placeOf(loop)), SINCE)]
        : [],
    },
  );
}

/** What LEEx is told to do needs no streams. */
function requiredBy({ leex }: AssignFlow): Readonly<Record<string, string>> {
  return leex ? {} : SINCE;
}
