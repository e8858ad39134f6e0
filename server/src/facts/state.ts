import type { Def, Node } from "../syntax/ast.ts";
import { mentions } from "../syntax/visit.ts";
import { accessOf } from "./access.ts";
import type { Anchors } from "./anchors.ts";
import { stateParameter, waysOut, wholeName } from "./callback.ts";
import type { StateFacts } from "./facts.ts";
import { MessageKeys } from "./message-keys.ts";
import { SerialNumbers } from "./serial-numbers.ts";
import { speaksOfBound } from "./state-bounds.ts";
import { StateChanges } from "./state-changes.ts";
import { StateEvaluation } from "./state-evaluation.ts";
import { slotOf } from "./state-slot.ts";
import { grownIn, type Value } from "./state-values.ts";
import { isStateLike, StateVariables } from "./state-variables.ts";

const NO_FIELDS: readonly string[] = [];

/** The facts of a function in a GenServer's module on the state; null when the function gets none. */
export function stateOf(def: Def, anchors: Anchors): StateFacts | null {
  const parameter = stateParameter(def);
  const index = parameter ?? def.params.findIndex(isStateLike);
  const param = def.params[index];
  if (!param || !def.body) return null;
  const isCallback = parameter !== undefined;
  const ways = waysOut(def);
  const slots = new Set(ways.flatMap((way) => (isCallback ? (slotOf(way) ?? []) : partsOf(way))));
  const changes = new StateChanges();
  const variables = new StateVariables(changes, wholeName(param));
  const numbers = new SerialNumbers(def);
  const keys = keysOf(def, index, numbers);
  const evaluation = new StateEvaluation(changes, keys, variables, slots);
  variables.bind(param, { path: "", grown: [] });
  if (def.guard) evaluation.eval(def.guard);
  // A way out that is a call gives what the function called gives.
  const results = [evaluation.block(def.body)];
  for (const section of def.sections) evaluation.eval(section);
  for (const slot of slots) results.push(evaluation.slotValue(slot));
  if (isCallback && def.name !== "terminate") {
    if (def.name !== "init") noteReplaced(results.slice(1), changes);
    const wholes = variables.wholes;
    if (ways.some((way) => way.type === "call" && way.module !== null && mentions(way, wholes)))
      changes.takeSomewhere();
  }
  if (speaksOfBound(def)) changes.takeFromTouched();
  changes.settle();
  return {
    reads: list(changes.reads),
    writes: list(changes.writes),
    grows: [...grownIn(results)].map(([node, field]) => ({
      at: anchors.add(node),
      field,
      serial: keys.serialIn(node),
    })),
    counts: numbers.fields,
    shrinks: list(changes.shrinks),
    access: accessOf(def),
  };
}

/** What the message says is in the parameters beside the state. */
function keysOf(def: Def, index: number, numbers: SerialNumbers): MessageKeys {
  const keys = new MessageKeys(numbers);
  def.params.forEach((param, i) => {
    if (i !== index) keys.ask(param);
  });
  if (def.guard) keys.limit(def.guard);
  return keys;
}

/** Where the next state is not made of the last one, all of it is written, and all in it is gone. */
function noteReplaced(next: readonly Value[], changes: StateChanges): void {
  if (next.every(({ path }) => path === "")) return;
  changes.writes.add("");
  changes.shrinks.add("");
}

function partsOf(way: Node): readonly Node[] {
  return way.type === "tuple" ? way.items : [way];
}

function list(names: ReadonlySet<string>): readonly string[] {
  return names.size > 0 ? [...names] : NO_FIELDS;
}
