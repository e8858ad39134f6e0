import { nearest } from "../../base/nearest.ts";
import type { ClauseOfModule, EventFact, ModuleFacts } from "../../facts/facts.ts";
import { anchor, type Fix, moduleRule, suggest, type ViewContext } from "../../lint/rule.ts";
import { eventsHandledBy, isForItself, type LiveEvents, liveEvents } from "../../project/live/live-events.ts";
import { ownerOf, templatesBeside } from "../../project/live/templates.ts";
import { behavesAs } from "../../project/processes/servers.ts";
import { eventClause } from "../../refactor/event-clause.ts";

export default moduleRule({
  id: "heex/event-without-handler",
  category: "correctness",
  severity: "warning",
  default: "off",
  since: "0.1.0",
  summary: "A template sends an event that no `handle_event` clause takes: the process crashes when it comes.",
  check(module, cx) {
    const isLive = behavesAs(module, "Phoenix.LiveView", "Phoenix.LiveComponent");
    if (!isLive && module.clauses.every(({ template }) => (template?.events.length ?? 0) === 0)) return;
    const events = cx.read(liveEvents);
    const beside = isLive ? templatesBeside(module, (name) => cx.named(name)) : [];
    if (module.keyword === "template" && events.paths.has(ownerOf(module))) return;
    const isPage = isLive && (beside.length > 0 || isRendered(module));
    for (const place of [module, ...beside]) {
      for (const clause of place.clauses) {
        if (clause.keyword === "template" && !clause.template?.tracked) continue;
        for (const event of clause.template?.events ?? []) {
          if (/^lv:/.test(event.name) || event.by === "phx-auto-recover") continue;
          if (isPage && isForItself(module, event)) checkOwn(module, place, clause, event, events, cx);
          else if (!isHandled(event, events)) report(place, clause, event, [...events.names], null, cx);
        }
      }
    }
  },
});

/** A module that is no page or component itself, but has components for others, leaves the events to them. */
function isRendered({ byName }: ModuleFacts): boolean {
  return ["render", "mount", "update", "handle_event"].some((name) => byName.has(name));
}

/** True where somebody in the project may be meant; a project without any handler is a library of components. */
function isHandled({ name }: EventFact, events: LiveEvents): boolean {
  return events.names.size === 0 || events.catchAll || events.names.has(name);
}

function checkOwn(
  module: ModuleFacts,
  place: ModuleFacts,
  clause: ClauseOfModule,
  event: EventFact,
  events: LiveEvents,
  cx: ViewContext,
): void {
  const own = eventsHandledBy(module, cx);
  if (own.open || own.names.includes(event.name)) return;
  // Others may render a public component; a hook stands before all.
  const isShared = clause.keyword === "def" && clause.name !== "render";
  if ((events.hooked || isShared) && events.names.has(event.name)) return;
  report(place, clause, event, own.names, module, cx);
}

function report(
  place: ModuleFacts,
  clause: ClauseOfModule,
  event: EventFact,
  names: readonly string[],
  receiver: ModuleFacts | null,
  cx: ViewContext,
): void {
  const sender = event.by === "push" ? "`JS.push`" : `\`${event.by}\``;
  const near = nearest(event.name, names);
  const who = receiver
    ? `\`${receiver.name}\` has no \`handle_event\` clause for it, so the process crashes when it comes`
    : "no LiveView or LiveComponent of the project has a `handle_event` clause for it, so whoever gets it crashes";
  const handler = receiver && lastHandler(receiver);
  const fixes: Fix[] = near ? [suggest(`Send \`${near}\``, sending(event.name, near))] : [];
  if (receiver && handler)
    fixes.push(
      suggest("Add a `handle_event` clause", (source) => {
        const at = source.elsewhere(anchor(receiver, handler, handler.at));
        return at && eventClause(at, event.name);
      }),
    );
  cx.report(
    anchor(place, clause, event.at),
    `${sender} sends \`"${event.name}"\`, but ${who}${near ? `; \`"${near}"\` is there` : ""}.`,
    { fixes },
  );
}

function sending(name: string, instead: string): Fix["edits"] {
  return (source) => {
    const text = source.text(source.at);
    const at = source.at.start + text.lastIndexOf(name);
    return text.includes(name) ? [source.replace({ start: at, end: at + name.length }, instead)] : null;
  };
}

/** The clause after which one for another event may stand. */
function lastHandler({ byName, clauses }: ModuleFacts): ClauseOfModule | null {
  return byName.get("handle_event")?.at(-1) ?? clauses.at(-1) ?? null;
}
