/** A half-open span of text. Both ends are UTF-16 code-unit offsets, as JavaScript strings and LSP count. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** True when the two ranges share at least one character, or when one is empty and touches the other. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/** True when `inner` lies wholly within `outer`. */
export function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The range moved by `by` code units. */
export function shift(range: Range, by: number): Range {
  return { start: range.start + by, end: range.end + by };
}
