import { type Fix, fix, formRule, nodes } from "../../lint/rule.ts";
import type { Node, Tag, Template } from "../../syntax/ast.ts";
import { boundNames } from "../../syntax/flow.ts";
import { fixedSize } from "../../syntax/iteration.ts";
import { isVariable } from "../../syntax/literals.ts";
import { attributeOf, expressionOf, isSlotOf } from "../../syntax/markup.ts";
import { find, visit } from "../../syntax/visit.ts";

export default formRule({
  id: "heex/comprehension-without-key",
  category: "performance",
  severity: "hint",
  since: "0.1.0",
  summary: "A `:for` without `:key` is tracked by position: a new first element sends all others again.",
  requires: { phoenix_live_view: "1.1.0" },
  query: nodes("template"),
  check(template, cx) {
    if (template.broken || cx.env.page || /Email|Mailer|Notifier|PDF|(?:HTML|View)$/.test(cx.env.module)) return;
    for (const tag of template.tags) {
      const loop = attributeOf(tag, ":for");
      if (!loop || tag.kind === "slot" || tag.name === "option" || attributeOf(tag, ":key")) continue;
      const generator = expressionOf(template, loop);
      if (generator?.type !== "binary" || generator.operator !== "<-" || isElsewhere(generator.right)) continue;
      if (isLiveComponent(template, tag) || isSlotOf(template, generator.right)) continue;
      const key = identityIn(template, tag, generator.left);
      if (!key) continue;
      cx.report(
        loop,
        `\`:for\` without \`:key\` tells elements by their position: one that is added or moved sends all after it again; \`:key={${key}}\` tells them apart.`,
        { fixes: [fix(`Add \`:key={${key}}\``, addKey(key))] },
      );
    }
  },
});

/** Streams keep no elements to compare, and what the source writes out does not change. */
function isElsewhere(collection: Node): boolean {
  if (fixedSize(collection)) return true;
  return (
    find(collection, (n) => n.type === "attribute" && /^streams?$/.test(n.name)) !== null ||
    find(collection, (n) => n.type === "attribute" || (n.type === "field" && isVariable(n.object, "assigns"))) === null
  );
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

function addKey(key: string): Fix["edits"] {
  return (source) => {
    const isOnOwnLine = /\n[ \t]*$/.test(source.between(source.ast.start, source.at.start));
    const gap = isOnOwnLine ? `\n${source.indentation(source.at)}` : " ";
    return [source.insertAfter(source.at, `${gap}:key={${key}}`)];
  };
}
