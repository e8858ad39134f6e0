import type { Range } from "./range.ts";

/** Replaces `range` (UTF-16 offsets of the text before any edit of the same list) by `text`. */
export interface TextEdit extends Range {
  readonly text: string;
}

/** Text edits by file; paths are absolute with `/` between the parts. A file that is not there yet is to be made. */
export type WorkspaceEdits = ReadonlyMap<string, readonly TextEdit[]>;

/** Sorts edits by position; edits at one position keep their order. */
export function sorted(edits: readonly TextEdit[]): TextEdit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
    .map((entry) => entry.edit);
}

/** True when no two of the edits touch the same characters; insertions at one place are in conflict too. */
export function disjoint(edits: readonly TextEdit[]): boolean {
  const list = sorted(edits);
  return list.every((edit, i) => {
    const previous = list[i - 1];
    return !previous || previous.end < edit.start || (previous.end === edit.start && previous.start < previous.end);
  });
}

/**
 * The text after all the edits, which all speak of offsets in `text`.
 * @throws RangeError when two edits overlap.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let out = "";
  let at = 0;
  for (const edit of sorted(edits)) {
    if (edit.start < at) throw new RangeError(`overlapping edits at offset ${edit.start}`);
    out += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return out + text.slice(at);
}
