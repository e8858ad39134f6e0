import type { Anchor, ClauseOfModule } from "../../facts/facts.ts";
import { moduleRule, type Report, suggest, type ViewContext } from "../../lint/rule.ts";
import { isReference } from "../../project/database/reference-tables.ts";
import { effects } from "../../project/effects/effects.ts";
import { nameOfCall } from "../../project/effects/witness.ts";
import { type AppendedList, appendedLists } from "../../project/live/appended-lists.ts";
import { type AssignFlow, assignFlow, type KeyFlow, placeOf } from "../../project/live/assign-flow.ts";
import { changeOf, changingAt, growingAt, isListedBy } from "../../project/live/kept-lists.ts";
import { allRows } from "../../project/live/rows.ts";
import { streamInstead } from "../../refactor/stream-instead.ts";

/** Lists that are short in any application, as those that people fill in by hand are, or what waits for one, by what they are called. */
const SMALL =
  /(?:^|_)(?:tags|labels|tabs|steps|filters|columns|colors|themes|platforms|architectures|org(?:anization)?s|accounts|teams|tokens|keys|invites|credentials|certificates|secrets|domains|webhooks|versions)$|^(?:available|valid|suggested|recent|latest|top|selected|pinned|featured|inflight|pending|awaiting)_/;

/** What a page keeps that shows a list in pages. */
const PAGES = /^(?:pager|paginat)|^(?:page_number|page_size|per_page|total_pages)$/;

export default moduleRule({
  id: "liveview/large-collection-in-assigns",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "A whole collection is kept in the assigns: every open page holds all of its rows in memory.",
  check(module, cx) {
    const flow = cx.about(assignFlow, module);
    if (!flow?.leex) for (const list of appendedLists(module, flow)) reportAppended(cx, list);
    if (!flow) return;
    // What LEEx is told to do needs no streams.
    const requires = flow.leex ? {} : SINCE;
    const isPaged = [...flow.keys.keys()].some((key) => PAGES.test(key));
    for (const [key, keyFlow] of flow.keys) {
      const { sets, reads } = keyFlow;
      if (SMALL.test(key) || isReference(key) || sets.some(({ fact }) => fact.by === "temporary")) continue;
      const isListed = (clause: ClauseOfModule): boolean => isListedBy(module, clause, key, (name) => cx.named(name));
      const grown = growingAt(key, keyFlow, flow);
      for (const set of grown)
        cx.report(
          changeOf(set),
          `\`${key}\` grows with every message, and nothing takes a single one away: each open page holds all of them; ${flow.leex ? "" : "`stream_insert` them with a `:limit`, or "}keep the newest.`,
          { requires },
        );
      const changed = grown.length > 0 ? undefined : changingAt(key, keyFlow, flow, isListed);
      if (changed)
        cx.report(
          changeOf(changed),
          `\`${key}\` is kept only for the template to list it, and each message changes one of its elements: every open page holds them all; ${flow.leex ? "make it a temporary assign, in a container with `phx-update`" : "make it a stream, with `stream_insert` and `stream_delete`"}.`,
          { severity: "information", requires },
        );
      if (changed || grown.length > 0) continue;
      const listed = reads.filter(
        ({ fact, clause }) => fact.template && (fact.how === "loop" || (fact.how === "passed" && isListed(clause))),
      );
      const shown = reads.filter((read) => listed.includes(read) || isPrepared(read, flow));
      if (shown.length === 0) continue;
      const loads = sets.flatMap((set) => {
        const [index] = set.fact.value.rows;
        const call = index === undefined ? undefined : set.clause.calls[index];
        const rows = call && allRows(call, set.clause, module, (other) => cx.about(effects, other));
        return call && rows ? [{ set, call, rows, whole: rows.wholeTable && !set.fact.value.filtered }] : [];
      });
      const [first] = loads;
      if (!first) continue;
      const isState = reads.some((read) => !read.fact.template && !shown.includes(read));
      // The few that match a condition may well be the page's state.
      if (isState && !first.whole) continue;
      // What belongs to one account or shop may be few for ever, unless it is a history, or the page has it in pages elsewhere.
      if (!first.whole && !first.rows.newestFirst && !isPaged) continue;
      if (!first.rows.newestFirst && sets.some(isFilledIn)) continue;
      const isPassed = reads.some((read) => read.fact.how === "passed" && !listed.includes(read));
      const isOnly =
        !isState &&
        !isPassed &&
        !flow.readByAnyone &&
        loads.length === sets.filter(({ fact }) => fact.value.kind !== "empty").length;
      const [only] = isOnly && reads.length === 1 && sets.every(({ fact }) => fact.by === "assign") ? listed : [];
      const last = first.rows.hops.at(-1);
      const what = first.whole ? "every row of its table" : "all rows that match, however many there come to be";
      const report: Report<Anchor> = {
        requires,
        ...(first.whole && isOnly ? {} : { severity: "information" as const }),
        related: [
          ...first.rows.hops.slice(1).map((hop) => ({
            at: { path: hop.module.path, form: hop.clause.form, at: hop.call.at },
            message: hop === last ? "The rows are loaded here" : `\`${nameOfCall(hop.call)}\` is called here`,
          })),
          ...shown.slice(0, 1).map((read) => ({ at: placeOf(read), message: "They are shown here" })),
        ],
        fixes: only
          ? [suggest(`Make \`${key}\` a stream`, streamInstead(key, sets.map(placeOf), placeOf(only)), SINCE)]
          : [],
      };
      const use = isState
        ? "; load what an event is about by its id, and"
        : isOnly
          ? ", and the template only shows them;"
          : ";";
      cx.report(
        placeOf(first.set),
        `\`${key}\` holds what \`${nameOfCall(first.call)}\` loads, ${what}, as long as the page is open${use} ${flow.leex ? "list them under `temporary_assigns`" : "`stream` them"}, or load a page at a time.`,
        report,
      );
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

/** True where an event of the page adds the element that somebody has just filled in: a list that is kept by hand. */
function isFilledIn({ fact, clause }: KeyFlow["sets"][number]): boolean {
  return fact.value.kind === "added" && clause.name === "handle_event";
}

/** True where `render` makes something of the whole list for the client, as a page does that has a script of its own draw it. */
function isPrepared({ fact, clause }: KeyFlow["reads"][number], { kind }: AssignFlow): boolean {
  return kind === "view" && clause.name === "render" && !fact.template && fact.how === "value";
}
