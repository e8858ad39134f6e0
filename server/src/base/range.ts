/** A half-open span of text. Both ends are UTF-16 code-unit offsets, as JavaScript strings and LSP count. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** True when the two ranges share at least one character, or when one is empty and touches the other. */
export function overlaps(a: Range, b: Range): boolean {
  return a.start <= b.end && b.start <= a.end;
}
