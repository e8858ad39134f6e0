import type { Node, Tag, TagAttribute, Template, Variable } from "./ast.ts";
import { boundNames } from "./flow.ts";
import { isVariable } from "./literals.ts";
import { ancestors, children, find, visit } from "./visit.ts";

/** The tags whose elements hold the place, innermost first. */
export function tagsAround(template: Template, { start }: { readonly start: number }): Tag[] {
  return template.tags.filter((tag) => tag.start <= start && start < tag.elementEnd).reverse();
}

/** The attribute whose expression the place stands in, with its tag; null between tags. */
export function attributeAround(
  template: Template,
  { start }: { readonly start: number },
): { readonly tag: Tag; readonly attribute: TagAttribute } | null {
  for (const tag of template.tags) {
    if (tag.start > start || start >= tag.end) continue;
    const attribute = tag.attributes.find((a) => a.expression && a.valueStart <= start && start < a.end);
    if (attribute) return { tag, attribute };
  }
  return null;
}

/** The attribute of that name. */
export function attributeOf(tag: Tag, name: string): TagAttribute | null {
  return tag.attributes.find((attribute) => attribute.name === name) ?? null;
}

const WRAPPERS: ReadonlySet<Node["type"]> = new Set(["template", "block", "section", "clause"]);

/** The expression in the braces of an attribute. */
export function expressionOf(template: Template, { valueStart, end, expression }: TagAttribute): Node | null {
  return expression ? firstBetween(template, valueStart, end) : null;
}

/** The first node that stands between the offsets: what ends before them, or begins after, is not gone through. */
function firstBetween(node: Node, start: number, end: number): Node | null {
  for (const child of children(node)) {
    const isWrapper = WRAPPERS.has(child.type);
    if (!isWrapper && start <= child.start && child.end <= end) return child;
    const found = isWrapper || (child.start < end && start < child.end) ? firstBetween(child, start, end) : null;
    if (found) return found;
  }
  return null;
}

/** True for a collection that the template renders as slots, which are written out where its component is used. */
export function isSlotOf(template: Template, collection: Node): boolean {
  const key = assignOf(collection);
  if (key === null) return false;
  const entries = new Set<string>();
  for (const tag of template.tags) {
    const loop = attributeOf(tag, ":for");
    const generator = loop && expressionOf(template, loop);
    if (generator?.type === "binary" && assignOf(generator.right) === key) boundNames(generator.left, entries);
  }
  return (
    find(template.body, (node) => {
      const slot = node.type === "call" && node.name === "render_slot" ? node.args[0] : undefined;
      return slot !== undefined && (slot.type === "variable" ? entries.has(slot.name) : assignOf(slot) === key);
    }) !== null
  );
}

/** `tab` of `@tab`, `assigns.tab` and `Enum.with_index(@tab)`; null for anything else. */
function assignOf(collection: Node): string | null {
  if (collection.type === "attribute") return collection.name;
  if (collection.type === "field" && isVariable(collection.object, "assigns")) return collection.name;
  const first = collection.type === "call" && collection.module === "Enum" ? collection.args[0] : undefined;
  return first ? assignOf(first) : null;
}

/** The names that `:let` and `:for` give to parts of the template. */
export function namesOfMarkup(template: Template): Set<string> {
  const names = new Set<string>();
  for (const tag of template.tags) {
    for (const attribute of tag.attributes) {
      const node = /^:(?:let|for)$/.test(attribute.name) ? expressionOf(template, attribute) : null;
      if (node) boundNames(node.type === "binary" ? node.left : node, names);
    }
  }
  return names;
}

/** Where the template reads a variable that nothing around the place in the template gives that name. */
export function freeReads(template: Template, name: string): Variable[] {
  const out: Variable[] = [];
  visit(template.body, (node) => {
    if (node.type !== "variable" || node.name !== name || isBoundThere(node)) return;
    if (node.parent?.type !== "binary" || node.parent.operator !== "=" || node.parent.left !== node) out.push(node);
  });
  return out;
}

/** True where a clause, a comprehension or a `with` around the variable binds its name. */
function isBoundThere(read: Variable): boolean {
  for (const outer of ancestors(read)) {
    if (outer.type === "template") return false;
    const patterns =
      outer.type === "clause"
        ? outer.patterns
        : outer.type === "call"
          ? outer.args.flatMap((arg) => (arg.type === "binary" && arg.operator === "<-" ? [arg.left] : []))
          : [];
    if (patterns.some((pattern) => boundNames(pattern).has(read.name))) return true;
  }
  return false;
}
