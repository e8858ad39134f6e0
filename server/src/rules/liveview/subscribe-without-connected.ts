import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { isSelfShape } from "../../facts/shape.ts";
import { anchor, fix, moduleRule, type ViewContext } from "../../lint/rule.ts";
import { clausesOf, isLocalCall } from "../../project/calls/clauses.ts";
import type { Hop } from "../../project/effects/witness.ts";
import { unguardedCalls } from "../../project/live/connected.ts";
import { resubscription } from "../../project/live/resubscription.ts";
import { wrapInConnected } from "../../refactor/wrap-statement.ts";

/** The callbacks that run for the static render too, with the index of their socket. */
const MOUNTS = new Map([
  ["mount/3", 2],
  // LiveView before 0.12.
  ["mount/2", 1],
  ["on_mount/4", 3],
]);
/** How many functions deep the way from `mount` to a subscription is followed. */
const DEPTH = 3;

export default moduleRule({
  id: "liveview/subscribe-without-connected",
  category: "performance",
  severity: "warning",
  since: "0.1.0",
  summary: "Subscriptions in vain: in a `mount` that renders only, or taken back and taken anew at each refresh.",
  check(module, cx) {
    const isLive =
      module.uses.some((use) => use.module === "Phoenix.LiveView") || module.behaviours.includes("Phoenix.LiveView");
    for (const clause of module.clauses) {
      if (isLive) reportResubscription(cx, module, clause);
      if (clause.name !== "mount" && clause.name !== "on_mount") continue;
      const callback = `${clause.name}/${clause.arity}`;
      const socket = MOUNTS.get(callback);
      if (socket === undefined || (clause.name === "mount" && !isLive)) continue;
      for (const call of unguardedCalls(clause)) {
        const hops = wayToSubscription(module, clause, call, cx, DEPTH);
        const last = hops?.at(-1);
        if (!hops || !last) continue;
        const through = hops.slice(0, -1).map((hop) => `\`${hop.call.name}\``);
        const what = `\`${nameOf(last.call)}\`${through.length > 0 ? `, reached through ${through.join(" and ")},` : ""}`;
        const deferred = last.call.name === "send";
        cx.report(
          anchor(module, clause, call.at),
          deferred
            ? `${what} runs in the static render too, whose process never reads the message; send it only \`if connected?(socket)\`.`
            : `${what} runs in the static render too: every page load pays for it, in a process that ends with the response; do it only \`if connected?(socket)\`.`,
          {
            ...(deferred ? { severity: "hint" as const } : {}),
            related: hops
              .slice(1)
              .filter((hop) => hop.module === module)
              .map((hop) => ({
                at: anchor(module, hop.clause, hop.call.at),
                message: `\`${hop.clause.name}\` calls \`${nameOf(hop.call)}\` here`,
              })),
            fixes: [fix("Wrap in `if connected?(socket)`", (source) => wrapInConnected(source, socket))],
          },
        );
      }
    }
  },
});

/** Where a callback gives all of its subscriptions up, to take most of them again. */
function reportResubscription(cx: ViewContext, module: ModuleFacts, clause: ClauseOfModule): void {
  const again = resubscription(clause);
  if (!again) return;
  cx.report(
    anchor(module, clause, again.off.at),
    `\`${clause.name}\` unsubscribes from all and subscribes again each time: what is broadcast in between never comes, and every refresh pays for both; unsubscribe only what is gone and subscribe only to what is new.`,
    { related: [{ at: anchor(module, clause, again.on.at), message: "It subscribes again here" }] },
  );
}

/** From a call of `mount` to the subscription, through functions of the project; null when it leads to none. */
function wayToSubscription(
  module: ModuleFacts,
  clause: ClauseOfModule,
  call: CallFact,
  cx: ViewContext,
  depth: number,
): Hop[] | null {
  const here = { module, clause, call };
  if (subscribes(call)) return [here];
  const owner = isLocalCall(module, call) ? module : call.module === null ? undefined : cx.named(call.module)[0];
  const clauses = owner && depth > 0 ? clausesOf(owner, call.name, call.arity).filter((c) => mayTake(c, call)) : [];
  // A function that is generated, or delegates: its name has to say it.
  if (clauses.every((c) => c.keyword === "defdelegate"))
    return call.module !== null && SUBSCRIBES.test(call.name) ? [here] : null;
  if (owner !== module && !SUBSCRIBES.test(call.name)) return null;
  for (const target of clauses) {
    for (const inner of unguardedCalls(target)) {
      const rest = owner && wayToSubscription(owner, target, inner, cx, depth - 1);
      if (rest) return [here, ...rest];
    }
  }
  return null;
}

/** False when an argument is another constant than the parameter. */
function mayTake(clause: ClauseOfModule, call: CallFact): boolean {
  return call.args.every((arg, i) => {
    const param = clause.params[i];
    if (!param || !("value" in arg) || !("value" in param)) return true;
    return arg.kind === param.kind && arg.value === param.value;
  });
}

const SUBSCRIBES = /^subscribe(?:_\w+)?!?$/;

/** True for what ties a message source to the process that calls it. */
function subscribes({ module, name, args, arity }: CallFact): boolean {
  switch (module) {
    case null:
      return name === "send" && isSelfShape(args[0]);
    case "Phoenix.PubSub":
      return name === "subscribe";
    case "Process":
      return name === "monitor" || (name === "send_after" && isSelfShape(args[0]));
    case ":timer":
      return /^send_(after|interval)$/.test(name) && (arity === 2 || isSelfShape(args[1]));
    case "Registry":
      return name === "register";
    case ":telemetry":
      return name === "attach" || name === "attach_many";
    default:
      return (/Endpoint$/.test(module) && name === "subscribe") || (/Presence$/.test(module) && name === "track");
  }
}

function nameOf({ module, name }: CallFact): string {
  return module === null ? name : `${/^[A-Z]/.test(module) ? module.split(".").slice(-2).join(".") : module}.${name}`;
}
