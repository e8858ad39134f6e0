import type { PayloadFact } from "../../facts/facts.ts";
import { anchor, type Fix, moduleRule, suggest } from "../../lint/rule.ts";
import { effects } from "../../project/effects/effects.ts";
import { broadcastOf } from "../../project/live/broadcasts.ts";

export default moduleRule({
  id: "phoenix/pubsub-large-payload",
  category: "performance",
  severity: "information",
  since: "0.1.0",
  summary: "A broadcast that carries rows, preloads or a whole state: it is copied to every subscriber, on every node.",
  check(module, cx) {
    for (const clause of module.clauses) {
      for (const payload of clause.payloads) {
        const call = clause.calls[payload.call];
        const sent = call && broadcastOf(call, payload.argument, cx.about(effects, module));
        if (!sent) continue;
        cx.report(
          anchor(module, clause, payload.at),
          `${what(payload)}, and the broadcast copies that to each subscriber and over to each node; send ${payload.kind === "rows" ? "their ids" : "the id"}, or the fields that subscribers show.`,
          {
            severity: payload.kind === "rows" || payload.kind === "preloaded" ? "information" : "warning",
            fixes: fixesOf(payload),
          },
        );
      }
    }
  },
});

function what({ kind, name }: PayloadFact): string {
  const it = name === "" ? "This" : `\`${name}\``;
  switch (kind) {
    case "rows":
      return `${it} is a list of rows`;
    case "preloaded":
      return `${it} has its associations preloaded`;
    case "state":
      return `${it} is the whole state of the process`;
    case "changeset":
      return `${it} is a changeset with its data, changes and functions`;
    default:
      return `${it} is the whole ${kind === "assigns" ? "map of assigns" : kind}`;
  }
}

function fixesOf({ kind, name }: PayloadFact): Fix[] {
  if (kind !== "preloaded" || name === "") return [];
  return [suggest(`Send \`${name}.id\``, (source) => [source.replace(source.at, `${name}.id`)])];
}
