import type { CallFact, ClauseOfModule } from "../../facts/facts.ts";
import { heldParameters } from "../../facts/flow-bits.ts";
import type { Shape } from "../../facts/shape.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { messageOf, topicOf } from "../../project/live/broadcasts.ts";
import { filtersOf, messageFilters } from "../../project/live/message-filters.ts";

/** Parameters that say whose something is. */
const OWNER = /^(?:current_)?(?:user|scope|account|member|customer|tenant|organization|org|team)(?:_id)?$/;

export default moduleRule({
  id: "phoenix/pubsub-global-topic",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary: "What concerns one record is broadcast on a topic for all: every subscriber wakes up to throw it away.",
  check(module, cx) {
    for (const clause of module.clauses) {
      for (const call of clause.calls) {
        const message = messageOf(call);
        const topic = call.args[topicOf(call)];
        if (message === null || topic?.kind !== "string") continue;
        const shape = call.args[message];
        const filters = filtersOf(cx.read(messageFilters), tagOf(shape));
        const owner = ownerIn(clause, call, message);
        if (filters.length === 0 && owner === null) continue;
        const why =
          filters.length > 0
            ? "but its subscribers drop what is not theirs"
            : `but what it says is about \`${owner}\` alone`;
        cx.report(
          anchor(module, clause, call.at),
          `All subscribers of \`"${topic.value}"\` get this, ${why}; put the id into the topic, as in \`"${topic.value}:#{id}"\`, here and in \`subscribe\`.`,
          { related: filters.map((at) => ({ at, message: "This asks whether the message is meant for it." })) },
        );
      }
    }
  },
});

function tagOf(shape: Shape | undefined): string | null {
  const first = shape?.kind === "tuple" ? shape.items[0] : null;
  return first?.kind === "atom" ? first.value : null;
}

/** The parameter that names a person or an organisation, and is in the message. */
function ownerIn({ params }: ClauseOfModule, call: CallFact, message: number): string | null {
  for (const index of heldParameters(call.flows[message] ?? 0)) {
    const param = params[index];
    if (param?.kind === "variable" && OWNER.test(param.name)) return param.name;
  }
  return null;
}
