import type { ClauseOfModule, Flow, ModuleFacts } from "../../facts/facts.ts";
import { heldParameters, parameterIndex } from "../../facts/flow-bits.ts";
import type { Link } from "../calls/link.ts";
import type { Hop, Hops } from "../effects/witness.ts";
import type { Lookup } from "../lookup.ts";

/** How many functions deep the way of data is followed back from a call to where it comes from. */
export const DEPTH = 5;

/** Where the way of data begins: flows that hold it, and parameters that others fill with it. */
export interface Beginning {
  readonly input: Flow;
  readonly parameters: (module: ModuleFacts, clause: ClauseOfModule) => readonly number[];
}

/** The shortest way on which such data reaches an argument of the call, breadth first from the call back to its callers; null where there is none. */
export function wayFrom(beginning: Beginning, call: Hop, flow: Flow, facts: Lookup): Hops | null {
  let level: { readonly hops: Hops; readonly flow: Flow }[] = [{ hops: [call], flow }];
  const seen = new Set<string>();
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    for (const { hops, flow } of level) if (beginsIn(beginning, hops[0], flow)) return hops;
    const next: typeof level = [];
    for (const { hops, flow } of level) {
      const [{ clause, module }] = hops;
      for (const parameter of heldParameters(flow)) {
        const key = `${module.path} ${clause.form} ${clause.name} ${parameter}`;
        if (seen.has(key)) continue;
        seen.add(key);
        for (const given of givenTo(clause, parameter, facts))
          next.push({ hops: [given.hop, ...hops], flow: given.flow });
      }
    }
    level = next;
  }
  return null;
}

function beginsIn({ input, parameters }: Beginning, { module, clause }: Hop, flow: Flow): boolean {
  if (flow & input) return true;
  const filled = parameters(module, clause);
  return filled.length > 0 && heldParameters(flow).some((index) => filled.includes(index));
}

/** Whether the data of that flow is what is asked for; null where those who hand it on have to tell. */
export type IsKnown = (clause: ClauseOfModule, flow: Flow) => boolean | null;

/** True where everybody known to hand the data on has what is asked for. */
export function comesFrom(isKnown: IsKnown, { clause }: Hop, flow: Flow, facts: Lookup, depth = DEPTH): boolean {
  const answer = isKnown(clause, flow);
  if (answer !== null) return answer;
  const ways = heldParameters(flow).flatMap((parameter) => givenTo(clause, parameter, facts));
  return depth > 0 && ways.length > 0 && ways.every(({ hop, flow }) => comesFrom(isKnown, hop, flow, facts, depth - 1));
}

/** Who calls the clause with data for that parameter, and what the data depends on there. */
function givenTo(clause: ClauseOfModule, parameter: number, facts: Lookup): { hop: Hop; flow: Flow }[] {
  return callersInOrder(facts, clause).flatMap((link) => {
    const target = link.targets.find((candidate) => candidate.clause === clause);
    const argument = target?.parameters.findIndex((to) => parameterIndex(to) === parameter) ?? -1;
    const flow = link.call.flows[argument] ?? 0;
    return flow === 0 ? [] : [{ hop: { module: link.module, clause: link.clause, call: link.call }, flow }];
  });
}

/** Callers in the order of their places, so that the answer does not depend on the order in which files were read. */
function callersInOrder(facts: Lookup, clause: ClauseOfModule): Link[] {
  return [...facts.callers(clause)].sort((a, b) =>
    a.module.path !== b.module.path
      ? a.module.path < b.module.path
        ? -1
        : 1
      : a.clause.form - b.clause.form || a.call.at - b.call.at,
  );
}
