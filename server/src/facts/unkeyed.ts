import type { Node, Tag, Template } from "../syntax/ast.ts";
import type { Env } from "../syntax/env.ts";
import { boundNames } from "../syntax/flow.ts";
import { fixedSize } from "../syntax/iteration.ts";
import { isVariable } from "../syntax/literals.ts";
import { attributeOf, expressionOf, isSlotOf } from "../syntax/markup.ts";
import { find, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { UnkeyedLoop } from "./facts.ts";

/** The loops of a template that are given no `:key`, over elements whose `id` they show. */
export function unkeyedIn(template: Template, env: Env, anchors: Anchors): UnkeyedLoop[] {
  if (env.page || template.dialect === "leex") return [];
  return template.tags.flatMap((tag): UnkeyedLoop[] => {
    const loop = attributeOf(tag, ":for");
    if (!loop || tag.kind === "slot" || tag.name === "option" || attributeOf(tag, ":key")) return [];
    const generator = expressionOf(template, loop);
    if (generator?.type !== "binary" || generator.operator !== "<-" || staysAsItIs(generator.right)) return [];
    if (isLiveComponent(template, tag) || isSlotOf(template, generator.right)) return [];
    const assign = assignIn(generator.right);
    const key = assign === null ? null : identityIn(template, tag, generator.left);
    return assign === null || key === null ? [] : [{ at: anchors.add(loop), key, assign }];
  });
}

/** `boxes` of `@boxes` and `Enum.with_index(assigns.boxes)`; null where no assign is read. */
function assignIn(collection: Node): string | null {
  const read = find(
    collection,
    (n) => n.type === "attribute" || (n.type === "field" && isVariable(n.object, "assigns")),
  );
  return read?.type === "attribute" || read?.type === "field" ? read.name : null;
}

/** Streams keep no elements to compare, and what the source writes out does not change. */
function staysAsItIs(collection: Node): boolean {
  return fixedSize(collection) || find(collection, (n) => n.type === "attribute" && /^streams?$/.test(n.name)) !== null;
}

/** A LiveComponent is told apart by its `id`, and sent as a number; so is one in an element that is always the same. */
function isLiveComponent(template: Template, tag: Tag): boolean {
  if (tag.name === ".live_component") return true;
  const index = template.tags.indexOf(tag);
  const [inner, other] = template.tags.filter(({ parent }) => parent === index);
  return inner?.name === ".live_component" && !other && !tag.attributes.some((a) => a.expression && a.name !== ":for");
}

/** `post.id`, where the element's markup reads it. */
function identityIn(template: Template, tag: Tag, pattern: Node): string | null {
  const names = boundNames(pattern);
  let key: string | null = null;
  visit(template.body, (node) => {
    if (key !== null || node.start < tag.start || node.end > tag.elementEnd) return;
    if (node.type !== "field" || node.name !== "id" || node.object.type !== "variable") return;
    if (names.has(node.object.name)) key = `${node.object.name}.id`;
  });
  return key;
}
