import { projectRule, suggest } from "../../lint/rule.ts";
import { type EarlyEndpoint, earlyEndpoints } from "../../project/processes/endpoint-order.ts";
import type { Need } from "../../project/processes/start-needs.ts";
import { type EarlyChild, earlyChildren } from "../../project/processes/start-order.ts";
import type { Child } from "../../project/processes/supervision.ts";
import { moveChildAfter, moveChildBefore } from "../../refactor/children-list.ts";

const AFTER_INIT = /^handle_/;

export default projectRule({
  id: "supervision/child-order",
  category: "reliability",
  severity: "warning",
  since: "0.1.0",
  summary: "A child listed before one that it needs: it asks for a process that is not there yet.",
  check(cx) {
    for (const early of cx.read(earlyChildren)) {
      const { child, needed, need, way } = early;
      cx.report(child.at, messageOf(early), {
        related: [
          ...way.map((inner) => ({ at: inner.at, message: `${shown(inner)} is started here` })),
          { at: need.at, message: `\`${need.call}\` asks \`${need.target}\` here` },
          { at: needed.at, message: `${shown(needed)} is started here` },
        ],
        fixes: [
          suggest(`Move ${shown(needed)} before ${shown(child)}`, (source) => {
            const later = source.elsewhere(needed.at);
            return later && moveChildBefore(later, source);
          }),
        ],
        // It may be quick enough, or slow enough.
        ...(AFTER_INIT.test(need.stage) ? { severity: "hint" as const } : {}),
      });
    }
    for (const { endpoint, needed } of cx.read(earlyEndpoints)) {
      const last = needed.at(-1)?.child;
      if (!last) continue;
      cx.report(endpoint.at, endpointMessage({ endpoint, needed }), {
        related: needed.flatMap(({ child, used }) => [
          { at: child.at, message: `${shown(child)} is started after the endpoint` },
          ...(used ? [{ at: used, message: `A request gets to ${shown(child)} here` }] : []),
        ]),
        fixes: [
          suggest(`Move ${shown(endpoint)} after ${shown(last)}`, (source) =>
            moveChildAfter(source, source.elsewhere(last.at)),
          ),
        ],
      });
    }
  },
});

function messageOf({ child, needed, need, way }: EarlyChild): string {
  const start = way.map((inner) => `starts ${shown(inner)}, which `).join("");
  const step = need.stage === "measurement" ? "its first measurement" : `\`${need.stage}\``;
  return `${shown(child)} ${start}uses \`${need.target}\` in ${step}, but children start from top to bottom and ${shown(needed)} comes later, ${outcomeOf(need, child)}; list it first.`;
}

function outcomeOf({ stage }: Need, child: Child): string {
  if (stage === "measurement") return "so it may well fail, and the poller drops it for good";
  return AFTER_INIT.test(stage) ? "whether it is there by then is a matter of luck" : `so ${shown(child)} cannot start`;
}

function endpointMessage({ endpoint, needed }: EarlyEndpoint): string {
  const names = [...new Set(needed.map(({ child }) => shown(child)))];
  const list = names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
  return `${shown(endpoint)} takes requests before ${list} ${names.length > 1 ? "have" : "has"} started, so the first ones after a boot or a restart fail; list the endpoint after ${names.length > 1 ? "them" : "it"}.`;
}

function shown(child: Child): string {
  return `\`${child.name ?? child.module}\``;
}
