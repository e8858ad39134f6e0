import { NOTHING, pathOf, type Value } from "./state-values.ts";

/** Stands for whatever collection it is. */
const UNKNOWN = "*";

/** What is done with the parts of the state, by path, as the code is read. */
export class StateChanges {
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();
  readonly shrinks = new Set<string>();

  /** Reads a field of the whole. */
  part(whole: Value, field: string): Value {
    if (whole.path === null) return NOTHING;
    const path = pathOf(whole.path, field);
    this.reads.add(path);
    return { path, grown: whole.grown.filter((growth) => growth.field === path) };
  }

  /** The whole after its field was given the value. */
  assign(whole: Value, field: string, given: Value): Value {
    if (whole.path === null) return NOTHING;
    const path = pathOf(whole.path, field);
    this.writes.add(path);
    if (given.path === null || !(given.path === path || given.path.startsWith(`${path}.`))) this.shrinks.add(path);
    return { path: whole.path, grown: [...whole.grown, ...given.grown] };
  }

  /** Elements are taken from the collection. */
  takeFrom({ path }: Value): void {
    this.shrinks.add(path ?? UNKNOWN);
  }

  /** Elements may be taken from a collection; nobody knows from which. */
  takeSomewhere(): void {
    this.shrinks.add(UNKNOWN);
  }
}
