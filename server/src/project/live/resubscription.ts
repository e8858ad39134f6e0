import type { CallFact, ClauseOfModule } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";

/** Subscriptions that are taken back one after the other, and taken anew one after the other. */
export interface Resubscription {
  readonly off: CallFact;
  readonly on: CallFact;
}

/** What works out which subscriptions differ. */
const DIFFERS = /^(?:difference|symmetric_difference|myers_difference|reject|filter|split_with|drop|--)$/;
/** Names of lists that hold what differs. */
const DIFFERENCE =
  /(?:^|_)(?:added|removed|joined|left|gone|stale|missing|new|to|obsolete|expired|leaving|entering)(?:_|$)/;

/**
 * Where a function unsubscribes from each of one list and subscribes to each of another, and nothing there works out which of
 * them differ; null where it does not.
 */
export function resubscription(clause: ClauseOfModule): Resubscription | null {
  const off = clause.calls.find((call) => call.name === "unsubscribe" && isForEach(clause, call));
  if (!off || clause.calls.some(({ name }) => DIFFERS.test(name))) return null;
  const on = clause.calls.find(
    (call) =>
      call.name === "subscribe" && call.module === off.module && call.loop !== off.loop && isForEach(clause, call),
  );
  return on ? { off, on } : null;
}

/** True where the call is made for each of a list whose length the source does not say, about the element. */
function isForEach({ loops }: ClauseOfModule, { loop, flows, runs }: CallFact): boolean {
  const around = loops[loop];
  if (!around || around.fixed || runs === "elsewhere" || isDifference(around.collection)) return false;
  return flows.some((flow) => flow & 1);
}

function isDifference(collection: Shape): boolean {
  return (
    (collection.kind === "variable" && DIFFERENCE.test(collection.name)) ||
    (collection.kind === "call" && DIFFERS.test(collection.name))
  );
}
