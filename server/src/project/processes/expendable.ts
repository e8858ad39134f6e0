import type { CallFact, ClauseOfModule, ModuleFacts } from "../../facts/facts.ts";
import { effects } from "../effects/effects.ts";
import { lastHop } from "../effects/witness.ts";
import type { Lookup } from "../lookup.ts";
import { behavesAs } from "./servers.ts";

/** What a node keeps for itself is gone with it. */
const OF_NODE = /^(?::ets|:telemetry|:atomics|:counters|:persistent_term|Cachex|ConCache|Nebulex)$/;
const BESIDE = /^(?:Logger|Process|Exception|Enum|Map|Keyword|Kernel|System|String)$/;
/** Who is there now: `Registry.lookup/2`, `Horde.Registry.lookup/2`, `GenServer.whereis/1`, `Node.self/0`. */
const WHO = /^(?:(?:\w+\.)?Registry\.(?:lookup|keys|select|count)|GenServer\.whereis|:global\.whereis_name|Node\.\w+)$/;
/** What a supervisor starts ends in order. */
const SUPERVISED = /^(?:\w+\.)?(?:Dynamic)?Supervisor\.start_child$/;
/** What is sent is for a process to see to, which may itself end before it does. */
const SENDS = /^(?:send|GenServer\.cast|GenStage\.cast|:gen_statem\.cast)$/;
/** Does something to the machine, or waits for work that is done elsewhere. */
const WORKS = /^(?:System\.(?:cmd|shell|halt|stop)|Node\.(?:spawn\w*|connect))$/;

/** A way that is longer costs more than the answer is worth. */
const MAX_DEPTH = 8;

type Seen = Pick<Lookup, "about" | "named">;

/**
 * True where nothing is lost when the process that the call starts is cut off: all that it does is to tell those who are
 * there now, to change what this node keeps for itself, or to have supervisors start children.
 *
 * @param start a call that runs its closure in another process; of a function that is only named nothing is known here
 * @param cx knows the modules and what their calls do
 */
export function isExpendable(start: CallFact, clause: ClauseOfModule, module: ModuleFacts, cx: Seen): boolean {
  const inner = startedBy(start, clause);
  return inner.length > 0 && !clause.opaque && inner.every((call) => losesNothing(call, module, [clause], cx));
}

/** The calls of the closure: they follow the call that is given it, up to the next one that runs when that does. */
function startedBy(start: CallFact, { calls }: ClauseOfModule): readonly CallFact[] {
  const following = calls.slice(calls.indexOf(start) + 1);
  const end = following.findIndex(({ runs }) => runs === start.runs);
  return (end < 0 ? following : following.slice(0, end)).filter(({ runs }) => runs !== "inline");
}

function losesNothing(call: CallFact, module: ModuleFacts, way: readonly ClauseOfModule[], cx: Seen): boolean {
  if (call.target !== null) return false;
  const name = call.module === null ? call.name : `${call.module}.${call.name}`;
  if (WORKS.test(name)) return false;
  if (OF_NODE.test(call.module ?? "") || BESIDE.test(call.module ?? "")) return true;
  if (WHO.test(name) || SUPERVISED.test(name)) return true;
  const known = cx.about(effects, module);
  const told = known.of(call, "broadcast") ?? known.of(call, "sleep");
  if (told && lastHop(told).call === call) return true;
  const targets = known.targets(call);
  if (targets.length === 0) return SENDS.test(name);
  return targets.every(
    (target) =>
      way.length < MAX_DEPTH &&
      // What calls itself again stays, and is no passing piece of work.
      !way.includes(target.clause) &&
      !target.clause.opaque &&
      target.clause.receives.length === 0 &&
      !behavesAs(target.module, "Ecto.Repo") &&
      target.clause.calls.every((next) => losesNothing(next, target.module, [...way, target.clause], cx)),
  );
}
