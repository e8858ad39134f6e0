import type { ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { dependence, parameterFlow } from "../../facts/flow-bits.ts";
import { callsWithin } from "../calls/clauses.ts";
import type { Lookup } from "../lookup.ts";
import { injectsCallbacks } from "./servers.ts";

/**
 * True where entries of processes that the clause monitors go away by request only: nobody listens to what the monitor tells.
 *
 * @param removing the clauses that take something out of the collection
 * @param cx knows the modules by their names
 */
export function keepsTheDead(
  module: ModuleFacts,
  clause: ClauseOfModule,
  removing: readonly ClauseOfModule[],
  cx: Pick<Lookup, "named">,
): boolean {
  return (
    monitors(clause) &&
    removing.every((one) => !one.state?.shrinks.includes("*") && isOnRequest(module, one)) &&
    !module.clauses.some(mayHearOfTheEnd) &&
    !injectsCallbacks(module, cx)
  );
}

/** `Process.monitor(pid)` of what the message, or the caller, is. */
function monitors({ calls, callback, arity }: ClauseOfModule): boolean {
  return calls.some(({ module, name, flows }) => {
    if (name !== "monitor" || !/^(?:Process|:erlang)$/.test(module ?? "")) return false;
    const ofState = callback ? parameterFlow(arity - 1) : 0;
    return (dependence(flows.at(-1) ?? 0) & ~ofState) !== 0;
  });
}

/** A request, or what only requests call: a timer may look for the dead. */
function isOnRequest(module: ModuleFacts, clause: ClauseOfModule): boolean {
  const { name } = clause;
  if (/^handle_(?:call|cast)$/.test(name)) return true;
  if (name.startsWith("handle_")) return false;
  const callers = callsWithin(module, clause);
  return callers.length > 0 && callers.every(({ caller }) => /^handle_(?:call|cast)$/.test(caller.name));
}

/** A clause for `:DOWN` or `:EXIT`, or one for any message that does more than to let it go. */
function mayHearOfTheEnd({ name, params: [message], callback }: ClauseOfModule): boolean {
  if (name !== "handle_info") return false;
  if (message?.kind !== "tuple") return message?.kind !== "atom" && !callback?.unchanged;
  const [tag] = message.items;
  return tag?.kind !== "atom" || /^(?:DOWN|EXIT)$/.test(tag.value);
}
