import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { clausesIn, isLocalCall } from "../calls/clauses.ts";

/** How many functions deep a clean-up is looked for. */
const DEPTH = 3;
/** Says something, and changes nothing that would be missed. */
const TELLS =
  /^(?:Logger|IO|:logger|:telemetry|:error_logger|Sentry|OpenTelemetry(?:\..+)?|.*\.Telemetry|.*\.?Log(?:ger)?)$/;
const TELLING_NAMES = /^(?:log(?:_\w+)?|debug|info|inspect|dbg|sleep)$/;
/** What ends with the process that owns it or is linked to it, and what looks at things only. */
const OWNED =
  /^(?:(?:File|Port|:file|:gen_tcp|:gen_udp|:ssl|:socket|:inet|:dets)\.(?:close|shutdown)|:ets\.delete|Process\.(?:cancel_timer|demonitor|unlink|info|alive\?|get|whereis)|:timer\.cancel|Registry\.unregister|Process\.exit|self|Task\.shutdown|System\.\w*(?:time|get_env)\w*)$/;

/** Ends a connection or a process that was started with a link, which ends it anyway. */
const ENDS = /^(?:stop|close|shutdown)(?:_|$)|_(?:stop|close)$/;

/** The first call in `terminate/2`, or in a function of the module that it calls, that would be missed when it does not run. */
export function cleanUpIn(module: ModuleFacts, clause: ClauseOfModule): CallFact | null {
  const [reason] = clause.params;
  // `case reason do :shutdown -> :ok; _ -> …`: what is done then is not for every end.
  const everyEnd = reason?.kind !== "variable" || reason.name.startsWith("_");
  return workIn(
    module,
    everyEnd ? clause : { ...clause, calls: clause.calls.filter(({ branch }) => branch < 0) },
    new Set(),
  );
}

function workIn(module: ModuleFacts, clause: ClauseOfModule, seen: Set<ClauseOfModule>): CallFact | null {
  seen.add(clause);
  for (const call of clause.calls) {
    const name = call.module === null ? call.name : `${call.module}.${call.name}`;
    if (TELLS.test(call.module ?? "") || TELLING_NAMES.test(call.name) || OWNED.test(name) || ENDS.test(call.name))
      continue;
    const own = isLocalCall(module, call) ? clausesIn(module, call.name, call.arity, call.args) : [];
    if (own.length === 0) {
      // A call of no known module may be a macro, or a field of the state.
      if (call.module !== null && call.module !== module.name) return call;
      continue;
    }
    const left = own.map((target) => target.clause).filter((target) => !seen.has(target));
    if (seen.size <= DEPTH && left.some((target) => workIn(module, target, seen) !== null)) return call;
  }
  return null;
}
