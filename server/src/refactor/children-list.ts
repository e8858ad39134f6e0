import type { Edit, FormSource } from "../lint/rule.ts";
import type { List, Node } from "../syntax/ast.ts";
import { ancestors } from "../syntax/visit.ts";

/** An element of a list with the blank space and comments above it, and a comment that ends its line. */
interface Element {
  readonly lead: string;
  readonly text: string;
  readonly note: string;
}

/** A list that stands in the source, element by element. */
interface Elements {
  readonly list: List;
  readonly items: readonly Element[];
}

/** Moves the child that `source` is at before the child that `target` is at; null unless one list holds both. */
export function moveChildBefore(source: FormSource, target: FormSource | null): readonly Edit[] | null {
  return moved(source, target, 0);
}

/** Moves the child that `source` is at behind the child that `target` is at; null unless one list holds both. */
export function moveChildAfter(source: FormSource, target: FormSource | null): readonly Edit[] | null {
  return moved(source, target, 1);
}

/** Adds a child beside the one that `target` is at. */
export function insertChild(
  child: string,
  where: "before" | "after",
  target: FormSource | null,
): readonly Edit[] | null {
  const place = target && placeOf(target);
  const elements = place && elementsOf(place.list, target);
  const there = elements?.items[place?.index ?? 0];
  if (!target || !place || !elements || !there) return null;
  const { list, index } = place;
  const lead = there.lead.includes("\n") ? `\n${target.indentation(list.items[index] ?? list)}` : there.lead;
  const items = [...elements.items];
  items.splice(where === "after" ? index + 1 : index, 0, { lead, text: child, note: "" });
  return [written(elements, items, target)];
}

function moved(source: FormSource, target: FormSource | null, after: 0 | 1): readonly Edit[] | null {
  if (!target || target.path !== source.path || formStart(source) !== formStart(target)) return null;
  const from = placeOf(source);
  const to = source.node(target.at);
  if (!from || !to) return null;
  const { list, index } = from;
  const goal = list.items.findIndex((item) => item.start <= to.start && to.end <= item.end);
  const elements = elementsOf(list, source);
  const element = elements?.items[index];
  if (!elements || !element || goal < 0 || goal === index) return null;
  const items = elements.items.filter((_, i) => i !== index);
  items.splice(goal + after - (index < goal ? 1 : 0), 0, element);
  return [written(elements, items, source)];
}

function formStart(source: FormSource): number {
  return source.replace({ start: 0, end: 0 }, "").start;
}

/** The innermost list around the child, and which of its elements it is in. */
function placeOf(source: FormSource): { list: List; index: number } | null {
  const node = source.node(source.at);
  let inner: Node | null = node;
  for (const outer of node ? ancestors(node) : []) {
    if (outer.type === "list" && !outer.bare && inner) return { list: outer, index: outer.items.indexOf(inner) };
    inner = outer;
  }
  return null;
}

function elementsOf(list: List, source: FormSource): Elements | null {
  const items: Element[] = [];
  let end = list.start + 1;
  for (const [i, item] of list.items.entries()) {
    if (item.type === "pair" || (item.type === "binary" && item.operator === "|")) return null;
    const gap = /^\s*,/.exec(source.between(end, item.start));
    if (i > 0 && !gap) return null;
    const [, note = "", lead = ""] =
      /^([ \t]*#[^\n]*)?([\s\S]*)$/.exec(source.between(end + (gap?.[0].length ?? 0), item.start)) ?? [];
    const last = items.at(-1);
    if (note !== "" && last) items[items.length - 1] = { ...last, note };
    else if (note !== "") return null;
    items.push({ lead, text: source.text(item), note: "" });
    end = item.end;
  }
  const tail = /^[ \t]*#[^\n]*/.exec(source.between(end, list.end))?.[0] ?? "";
  const last = items.at(-1);
  if (last && tail !== "") items[items.length - 1] = { ...last, note: tail };
  return items.length > 0 ? { list, items } : null;
}

/** The list with these elements instead. The first keeps the distance to the bracket that the first one had. */
function written({ list, items: old }: Elements, items: readonly Element[], source: FormSource): Edit {
  const [first] = old;
  const text = items
    .map(({ lead, text, note }, i) => {
      const apart = lead === "" ? " " : lead;
      const start =
        i > 0
          ? apart
          : first?.lead.includes("\n")
            ? apart.replace(/^(?:[ \t]*\r?\n)+(?=[ \t]*\r?\n|[ \t]*\S|[ \t]*$)/, "\n")
            : (first?.lead ?? "");
      return `${start}${text}${i < items.length - 1 ? "," : ""}${note}`;
    })
    .join("");
  const last = list.items.at(-1);
  const note = old.at(-1)?.note.length ?? 0;
  return source.replace({ start: list.start + 1, end: (last?.end ?? list.end) + note }, text);
}
