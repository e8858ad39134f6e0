import type { CallFact, ClauseOfModule } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";
import type { ModuleEffects } from "../effects/effects.ts";

/** The index of the argument that a broadcast sends to all who have subscribed; null for any other call. */
export function messageOf({ module, name, arity }: CallFact): number | null {
  const from = /_from!?$/.test(name) || name.startsWith("direct_");
  const is = (names: RegExp): boolean => names.test(name);
  if (module === "Phoenix.PubSub" && is(/^(?:local_|direct_)?broadcast(?:_from)?!?$/)) return from ? 3 : 2;
  if (module !== null && /(?:^|\.)Endpoint$/.test(module) && is(/^(?:local_)?broadcast(?:_from)?!?$/))
    return from ? 3 : 2;
  return module === "Phoenix.Channel" && is(/^broadcast(?:_from)?!?$/) && arity === 3 ? 2 : null;
}

/** The index of the argument that says to whom. */
export function topicOf({ module, name }: CallFact): number {
  const from = /_from!?$/.test(name) || name.startsWith("direct_") ? 1 : 0;
  return (module === "Phoenix.PubSub" ? 1 : 0) + from;
}

/** The call by which an argument of a call is broadcast: the call itself, or one in a function of the project that it calls. */
export function broadcastOf(call: CallFact, argument: number, known: ModuleEffects): CallFact | null {
  const message = messageOf(call);
  if (message !== null) return message === argument ? call : null;
  for (const target of known.targets(call)) {
    const parameter = target.parameters[argument];
    if (parameter === undefined || !target.certain) continue;
    const sent = sentIn(target.clause, parameter);
    if (sent) return sent;
  }
  return null;
}

/** The broadcast of the clause that sends the parameter as it is, or in a tuple or list. */
function sentIn({ calls, params }: ClauseOfModule, parameter: number): CallFact | null {
  const param = params[parameter];
  if (param?.kind !== "variable") return null;
  return calls.find((call) => holds(call.args[messageOf(call) ?? -1], param.name)) ?? null;
}

function holds(shape: Shape | undefined, name: string): boolean {
  if (shape?.kind === "variable") return shape.name === name;
  if (shape?.kind === "tuple" || shape?.kind === "list") return shape.items.some((item) => holds(item, name));
  return shape?.kind === "keyword" && shape.entries.some(([, value]) => holds(value, name));
}
