import type { Flow } from "./facts.ts";

/** The flow of what a loop iterates over. */
export const ELEMENT: Flow = 1;
/** Parameters with a bit of their own; those that follow share the last one. */
const COUNT = 13;
const DATA = 14;
/** What depends on a parameter in any way. */
const DEPENDS: Flow = ((1 << COUNT) - 1) << 1;
/** What holds data that came from outside in the function itself: of a request, a socket. */
export const INPUT: Flow = 1 << 28;
/** What holds the field of a changeset that the function read: as a rule what somebody filled in, of the field's type. */
export const FIELD: Flow = 1 << 29;
/** The `id` of a struct, as it stands: a key that the database or the program has made. */
export const KEY: Flow = 1 << 30;
/** What holds a value that is another one each time: a reference, a clock, random bytes. The last bit that there is. */
export const ANEW: Flow = 1 << 31;
const HELD: Flow = (DEPENDS << DATA) | INPUT | FIELD | ANEW;

/** The bit's index of a parameter. */
export function parameterIndex(index: number): number {
  return Math.min(index, COUNT - 1);
}

/** The flow of the parameter with that index itself. */
export function parameterFlow(index: number): Flow {
  const bit = 2 << parameterIndex(index);
  return bit | (bit << DATA);
}

/** The part of a flow that says what the value depends on, the elements of loops included. */
export function dependence(flow: Flow): Flow {
  return flow & (DEPENDS | ELEMENT);
}

/** The part of a flow that says which parameters' data the value holds, and whether it holds input. */
export function held(flow: Flow): Flow {
  return flow & HELD;
}

/** The parameters whose data a value holds, by index. */
export function heldParameters(flow: Flow): number[] {
  const out: number[] = [];
  for (let rest = (flow >> DATA) & DEPENDS, index = -1; rest !== 0; rest >>= 1, index++) if (rest & 1) out.push(index);
  return out;
}
