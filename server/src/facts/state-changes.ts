import { NOTHING, pathOf, type Value } from "./state-values.ts";

/** Stands for whatever collection it is. */
const UNKNOWN = "*";

/** What is done with the parts of the state, by path, as the code is read. */
export class StateChanges {
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();
  readonly shrinks = new Set<string>();
  private takes = false;

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

  /** Elements are taken from the collection; of one that is not known, see `takeFromTouched`. */
  takeFrom({ path }: Value): void {
    if (path === null) this.takeFromTouched();
    else this.shrinks.add(path);
  }

  /** Elements may be taken from a collection; nobody knows from which. */
  takeSomewhere(): void {
    this.shrinks.add(UNKNOWN);
  }

  /** Elements may be taken from any collection that the function touches. */
  takeFromTouched(): void {
    this.takes = true;
  }

  /** Says which those are, when all of the function is read; nobody knows where it takes the state as a whole, or no part of it. */
  settle(): void {
    if (!this.takes) return;
    const touched = new Set([...this.reads, ...this.writes]);
    if (touched.size === 0 || touched.has("")) this.takeSomewhere();
    else for (const field of touched) this.shrinks.add(field);
  }
}
