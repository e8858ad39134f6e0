import type { Anchor, Edit, Fix, FormSource } from "../lint/rule.ts";
import type { Call } from "../syntax/ast.ts";
import { ancestors } from "../syntax/visit.ts";

/** Takes a key out of every `assign` that sets it; an `assign` of nothing else goes altogether. */
export function removeAssign(sets: readonly Anchor[]): Fix["edits"] {
  return (source) => {
    const edits: Edit[] = [];
    for (const at of sets) {
      const form = source.elsewhere(at);
      const edit = form && removal(form);
      if (!edit || edits.some((other) => other.path === edit.path && other.start < edit.end && edit.start < other.end))
        return null;
      edits.push(edit);
    }
    return edits;
  };
}

function removal(source: FormSource): Edit | null {
  const at = source.node(source.at);
  const call = at && [...ancestors(at)].find((outer): outer is Call => outer.type === "call");
  const subject = call?.args[0];
  if (!at || !call || !subject || !/^assign(?:_new)?$/.test(call.name)) return null;
  const pair = at.parent;
  const list = pair?.type === "pair" ? pair.parent : null;
  if (pair?.type === "pair" && (list?.type === "list" || list?.type === "map") && list.items.length > 1) {
    const index = list.items.indexOf(pair);
    const [before, after] = [list.items[index - 1], list.items[index + 1]];
    if (before) return source.replace({ start: before.end, end: pair.end }, "");
    return after ? source.replace({ start: pair.start, end: after.start }, "") : null;
  }
  if (call.piped) return source.replace({ start: subject.end, end: call.end }, "");
  return source.replace({ start: call.start, end: call.end }, source.text(subject));
}
