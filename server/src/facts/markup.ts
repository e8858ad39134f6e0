import type { Range } from "../base/range.ts";
import type { Node, Tag, TagAttribute, Template } from "../syntax/ast.ts";
import { visit } from "../syntax/visit.ts";
import type { AssignRead } from "./facts.ts";

/** Where in the markup a read stands, and how it is meant there. */
interface MarkupPlace {
  readonly how: AssignRead["how"] | null;
  /** A tag around it has `:if`, `:for` or a slot's own conditions. */
  readonly conditional: boolean;
  /** It stands in an element that keeps in the browser what it has shown. */
  readonly appended: boolean;
}

/** A component's tag, with what it is given. */
export interface ComponentTag {
  readonly at: Range;
  /** As it is written, without the dot of a local one. */
  readonly name: string;
  /** What stands in `module={…}` of a LiveComponent. */
  readonly live: string | null;
  readonly passes: readonly (readonly [string, string])[];
  readonly attributes: readonly string[];
  readonly open: boolean;
}

/** Elements that hold what a field offers, and such an offer itself. */
const OPTIONS = /^(?:datalist|select|optgroup|option)$/;

/** The tags of one template, as the reading of its expressions asks for them. */
export class Markup {
  /** The attributes with expressions, in source order, each with the index of its tag. */
  private readonly expressions: readonly { readonly attribute: TagAttribute; readonly tag: number }[];
  /** The elements with `phx-update="append"` or `"prepend"`. */
  private readonly appending: readonly Tag[];

  constructor(private readonly template: Template) {
    this.appending = template.tags.filter(appends);
    this.expressions = template.tags.flatMap((tag, index) =>
      tag.attributes.flatMap((attribute) => (attribute.expression ? [{ attribute, tag: index }] : [])),
    );
  }

  get components(): readonly ComponentTag[] {
    return this.template.tags.flatMap((tag) => (tag.kind === "component" ? [this.componentOf(tag)] : []));
  }

  /** What the tags say of an expression that begins there. */
  placeOf(node: Node): MarkupPlace {
    const held = this.expressions.find(
      ({ attribute: { valueStart, end } }) => valueStart <= node.start && node.start < end,
    );
    const tag = held ? held.tag : this.template.tags.findLastIndex(({ start }) => start <= node.start);
    const conditional = this.isConditional(held && isSpecial(held.attribute) ? (this.tagAt(tag)?.parent ?? -1) : tag);
    const appended = this.appending.some((one) => one.start <= node.start && node.start < one.elementEnd);
    if (!held) return { how: null, conditional, appended };
    const { name, value } = held.attribute;
    const owner = this.tagAt(tag);
    if (name === ":if") return { how: "condition", conditional, appended };
    const isAll = value?.trim().length === node.end - node.start;
    return { how: isAll && owner?.kind !== "html" && !name.startsWith(":") ? "passed" : null, conditional, appended };
  }

  /** True inside of what a field offers: `<datalist>`, `<select>`, an `<option>` that is made for each. */
  isOfOptions({ start }: Node): boolean {
    return this.template.tags.some(
      ({ kind, name, start: from, elementEnd }) =>
        kind === "html" && OPTIONS.test(name) && from <= start && start < elementEnd,
    );
  }

  private tagAt(index: number): Tag | undefined {
    return this.template.tags[index];
  }

  private isConditional(index: number): boolean {
    for (let at = index; at >= 0; at = this.tagAt(at)?.parent ?? -1) {
      const tag = this.tagAt(at);
      // What a slot holds is rendered when its component says so.
      if (tag?.kind === "slot" || tag?.attributes.some(isSpecial)) return true;
    }
    return false;
  }

  private componentOf(tag: Tag): ComponentTag {
    const passes: (readonly [string, string])[] = [];
    const attributes: string[] = [];
    let live: string | null = null;
    for (const { name, value, expression } of tag.attributes) {
      attributes.push(name);
      const key = expression ? /^\s*@(\w+[?!]?)\s*$/.exec(value ?? "") : null;
      if (key?.[1]) passes.push([name, key[1]]);
      if (name === "module" && tag.name === ".live_component") live = value?.trim() ?? null;
    }
    return { at: tag, name: tag.name.replace(/^\./, ""), live, passes, attributes, open: this.spreadsAll(tag) };
  }

  /** True for a tag with `{assigns}`: an expression in it that is no attribute's, and made of all assigns. */
  private spreadsAll({ start, end, attributes }: Tag): boolean {
    return this.template.body.statements.some(
      (node) =>
        start < node.start &&
        node.end < end &&
        !attributes.some((a) => a.start <= node.start && node.end <= a.end) &&
        mayHoldAll(node),
    );
  }
}

/** `assigns`, `Map.drop(assigns, [:flash])`, and a variable, which may be made of them; not `assigns.rest`. */
function mayHoldAll(node: Node): boolean {
  if (node.type === "variable") return true;
  let found = false;
  visit(node, (inner) => {
    const { parent } = inner;
    const isPart = (parent?.type === "field" || parent?.type === "access") && parent.object === inner;
    if (inner.type === "variable" && inner.name === "assigns" && !isPart) found = true;
  });
  return found;
}

function appends({ attributes }: Tag): boolean {
  return attributes.some(({ name, value }) => name === "phx-update" && (value === "append" || value === "prepend"));
}

function isSpecial({ name }: TagAttribute): boolean {
  return name === ":if" || name === ":for";
}
