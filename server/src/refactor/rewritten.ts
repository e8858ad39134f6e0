import { applyEdits, type TextEdit } from "../base/edit.ts";
import type { Range } from "../base/range.ts";
import type { FormSource } from "../lint/rule.ts";

/** The source of the range after the edits, which lie within it and do not overlap; offsets are the form's. */
export function rewritten(source: FormSource, range: Range, edits: readonly TextEdit[]): string {
  const within = edits.map(({ start, end, text }) => ({ start: start - range.start, end: end - range.start, text }));
  return applyEdits(source.text(range), within);
}
