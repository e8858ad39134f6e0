import type { CallFact, ClauseOfModule, Flow } from "../../facts/facts.ts";
import { dependence, parameterFlow } from "../../facts/flow-bits.ts";
import type { Shape } from "../../facts/shape.ts";
import { anchor, moduleRule } from "../../lint/rule.ts";
import { effects, type ModuleEffects } from "../../project/effects/effects.ts";
import { lastHop, nameOfCall } from "../../project/effects/witness.ts";
import { assignFlow } from "../../project/live/assign-flow.ts";
import { behavesAs } from "../../project/processes/servers.ts";

/** Functions that ask whether somebody may do something. */
const CHECKS =
  /authori[sz]|permi(?:t|ss)|polic(?:y|ies)|allow|forbid|^can(?:_|\?)|_can_|own(?:er|s|ed)|admin|^(?:require|ensure|verify|check)_/;
const CHECKERS = /(?:^|\.)(?:Bodyguard|LetMe|Canada|Authorization|Policy|Abilities)(?:\.|$)/;
/** Assigns that say who is there, and what is theirs. */
const WHO = /user|scope|account|admin|role|owner|member|org|team|tenant|permission|can_|auth|session/;
/** Without one of these, the page knows nobody whose rows there could be. */
const SOMEBODY = /^current_(?:user|scope|account|member|admin|\w+_user)$/;
/** What gives a single row. */
const GETS = /^(?:get|get_by|one|reload)!?$/;

export default moduleRule({
  id: "liveview/unauthorized-event",
  category: "security",
  severity: "hint",
  since: "0.1.0",
  default: "off",
  summary:
    "An event changes a row by the id that the browser sends, whoever sends it: a user can change another's rows.",
  check(module, cx) {
    if (!behavesAs(module, "Phoenix.LiveView", "Phoenix.LiveComponent")) return;
    const events = (module.byName.get("handle_event") ?? []).filter((clause) => clause.arity === 3 && !asksWho(clause));
    const flow = events.length > 0 ? cx.about(assignFlow, module) : null;
    if (!flow || ![...flow.setElsewhere, ...flow.keys.keys()].some((key) => SOMEBODY.test(key))) return;
    const known = cx.about(effects, module);
    for (const clause of events) {
      const found = changed(clause, known);
      if (!found) continue;
      const { id, load, write } = found;
      const what = load === write ? "changes" : "loads";
      cx.report(
        anchor(module, clause, load.at),
        `\`${nameOfCall(load)}\` ${what} the row of whatever \`${id}\` the browser sends, and nothing here asks whose it is: a client can send any; hand on the user or scope, and load the row through it.`,
        {
          related:
            load === write
              ? []
              : [{ at: anchor(module, clause, write.at), message: `\`${nameOfCall(write)}\` changes it here` }],
        },
      );
    }
  },
});

/** True where the clause has to do with who is there, or asks what they may do. */
function asksWho({ assigns, calls }: ClauseOfModule): boolean {
  if (assigns?.reads.some(({ key }) => WHO.test(key))) return true;
  return calls.some(({ module, name }) => CHECKS.test(name) || CHECKERS.test(module ?? ""));
}

interface Change {
  readonly id: string;
  readonly load: CallFact;
  readonly write: CallFact;
}

/** The first row that the clause loads by an id of the payload and changes; both may be done by one call. */
function changed(clause: ClauseOfModule, known: ModuleEffects): Change | null {
  for (const [index, load] of clause.calls.entries()) {
    const id = load.runs === "inline" && !load.template ? idOf(load) : null;
    if (id === null) continue;
    if (changesRow(load, known)) return { id, load, write: load };
    const read = known.of(load, "db-read");
    if (!read || !GETS.test(lastHop(read).call.name)) continue;
    const write = clause.calls.find(
      (call, i) =>
        i > index &&
        call.flows.some((flow) => dependsOn(flow, PAYLOAD)) &&
        !getsSocket(call) &&
        changesRow(call, known),
    );
    if (write) return { id, load, write };
  }
  return null;
}

/** A new row is nobody's yet. */
function changesRow(call: CallFact, known: ModuleEffects): boolean {
  const witness = known.of(call, "db-write");
  return witness !== null && !/^insert/.test(lastHop(witness).call.name);
}

/** The name of the id from the payload that the call gets, with nothing of the socket beside it. */
function idOf(call: CallFact): string | null {
  if (getsSocket(call)) return null;
  for (const [i, arg] of call.args.entries()) {
    const name = dependsOn(call.flows[i] ?? 0, PAYLOAD) ? idName(arg) : null;
    if (name !== null) return name;
  }
  return null;
}

const PAYLOAD = 1;
const SOCKET = 2;

function getsSocket({ flows }: CallFact): boolean {
  return flows.some((flow) => dependsOn(flow, SOCKET));
}

function dependsOn(flow: Flow, parameter: number): boolean {
  return (dependence(flow) & parameterFlow(parameter)) !== 0;
}

/** `id`, `post_id`, `String.to_integer(id)` */
function idName(shape: Shape): string | null {
  if (shape.kind === "variable") return /(?:^|_)id$/.test(shape.name) ? shape.name : null;
  if (shape.kind === "keyword") return firstName(shape.entries.map(([, value]) => value));
  return shape.kind === "call" && shape.module !== null ? firstName(shape.args) : null;
}

function firstName(shapes: readonly Shape[]): string | null {
  for (const shape of shapes) {
    const name = idName(shape);
    if (name !== null) return name;
  }
  return null;
}
