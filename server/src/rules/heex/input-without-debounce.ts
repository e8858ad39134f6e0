import type { ModuleFacts } from "../../facts/facts.ts";
import { anchor, type Fix, fix, moduleRule, type ViewContext } from "../../lint/rule.ts";
import type { Effect } from "../../project/effects/effect.ts";
import { effects } from "../../project/effects/effects.ts";
import { evidence, reaches, type Witness } from "../../project/effects/witness.ts";
import { isForItself } from "../../project/live/live-events.ts";
import { templatesBeside } from "../../project/live/templates.ts";
import { behavesAs } from "../../project/processes/servers.ts";

const COSTLY: readonly Effect[] = ["http", "db-write", "db-read"];
/** Farther away, too much decides whether the call is made at all. */
const MAX_HOPS = 3;

export default moduleRule({
  id: "heex/input-without-debounce",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "A text field whose every keystroke runs a query or a request: `phx-debounce` waits until typing pauses.",
  check(module, cx) {
    if (!behavesAs(module, "Phoenix.LiveView", "Phoenix.LiveComponent")) return;
    const beside = templatesBeside(module, (name) => cx.named(name));
    for (const place of [module, ...beside]) {
      for (const clause of place.clauses) {
        for (const input of clause.template?.inputs ?? []) {
          const event = clause.template?.events[input.event];
          const witness = event && isForItself(module, event) ? costOf(module, event.name, cx) : null;
          if (!event || !witness) continue;
          cx.report(
            anchor(place, clause, input.at),
            `Each keystroke in this field sends \`"${event.name}"\`, whose handler ${reaches(witness)}; \`phx-debounce\` sends it when typing pauses.`,
            { related: evidence(witness), fixes: [fix("Add `phx-debounce`", debounce)] },
          );
        }
      }
    }
  },
});

/** What the clause for the event waits for; null where another clause may be meant. */
function costOf(module: ModuleFacts, event: string, cx: ViewContext): Witness | null {
  const clauses = module.byName.get("handle_event") ?? [];
  const handlers = clauses.filter(({ params: [name] }) => name?.kind === "string" && name.value === event);
  const known = cx.about(effects, module);
  for (const effect of COSTLY) {
    const found = handlers.map((handler) => known.ofClause(handler, effect));
    const [first] = found;
    if (first && found.every((witness) => witness && witness.hops.length <= MAX_HOPS)) return first;
  }
  return null;
}

/** After the last attribute, on a line of its own where that has one. */
const debounce: Fix["edits"] = (source) => {
  const tag = source.text(source.at);
  const length = tag.replace(/\s*\/?>$/, "").length;
  const last = tag.slice(0, length).lastIndexOf("\n");
  const gap = last < 0 ? " " : `\n${/^[ \t]*/.exec(tag.slice(last + 1))?.[0] ?? ""}`;
  const at = source.at.start + length;
  return [source.replace({ start: at, end: at }, `${gap}phx-debounce="300"`)];
};
