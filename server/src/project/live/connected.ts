import type { CallFact, ClauseOfModule } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";

/** The calls that a clause makes whether or not the socket is connected. */
export function unguardedCalls(clause: ClauseOfModule): CallFact[] {
  // A guard or macro of the project's own, such as `is_connected?`.
  if (clause.calls.some((call) => call.name !== "connected?" && /connected\??$/.test(call.name))) return [];
  // Where no call depends on an answer, it is kept in a variable or matched on: what follows may depend on it all the same.
  let kept = false;
  return clause.calls.filter((call, i) => {
    if (call.name === "connected?") {
      const next = clause.calls.findIndex((other, j) => j > i && (other.name === "connected?" || other.connected));
      kept = next < 0 || !clause.calls[next]?.connected;
    }
    return !kept && !call.connected && call.runs === "inline" && !call.captured && !call.args.some(asksConnected);
  });
}

function asksConnected(arg: Shape): boolean {
  if (arg.kind === "call") return arg.name === "connected?" || arg.args.some(asksConnected);
  if (arg.kind === "keyword") return arg.entries.some(([, value]) => asksConnected(value));
  return arg.kind === "list" || arg.kind === "tuple" ? arg.items.some(asksConnected) : false;
}
