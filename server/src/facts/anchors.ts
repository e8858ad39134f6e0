import type { Range } from "../base/range.ts";
import type { Ordinal } from "./facts.ts";

/** Collects the places that the facts of one form refer to. Ranges are relative to the form, in UTF-16 code units. */
export class Anchors {
  readonly ranges: Range[] = [];

  add(range: Range): Ordinal {
    this.ranges.push({ start: range.start, end: range.end });
    return this.ranges.length - 1;
  }
}
