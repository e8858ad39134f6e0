import type { Range } from "../../base/range.ts";
import { type Edit, type FormSource, fix, formRule, nodes } from "../../lint/rule.ts";
import type { Tag, Template } from "../../syntax/ast.ts";
import { attributeOf, expressionOf } from "../../syntax/markup.ts";
import { type StreamLoop, streamLoops } from "../../syntax/streams.ts";
import { mentions } from "../../syntax/visit.ts";

export default formRule({
  id: "heex/stream-container",
  category: "correctness",
  severity: "error",
  since: "0.1.0",
  summary: "A stream whose container or items lack the attributes by which the browser finds them: updates go wrong.",
  requires: { phoenix_live_view: "0.18.12" },
  query: nodes("template"),
  check(template, cx) {
    if (template.broken || template.dialect === "leex") return;
    const loops = streamLoops(template);
    for (const loop of loops) {
      const missing = missingOn(loop.container);
      if (loop.container && missing.length > 0) {
        const text = missing.map((name) => (name === "id" ? ` id="${loop.stream}"` : ' phx-update="stream"')).join("");
        cx.report(
          nameOf(loop.container),
          `The container of the stream \`${loop.stream}\` has no ${missing.map((name) => `\`${name}\``).join(" and no ")}, so the browser can neither insert nor delete items; add ${missing.length > 1 ? "both" : "it"}.`,
          { fixes: [fix(`Add \`${text.trim()}\``, addTo(loop.container, text))] },
        );
      }
      const wrong = wrongItem(template, loop);
      if (wrong && loop.item) cx.report(nameOf(loop.item), wrong, { fixes: fixesOf(template, loop, loop.item) });
    }
    for (const child of strangers(template, loops)) {
      cx.report(
        nameOf(child),
        `\`<${child.name}>\` stands in the container of a stream without an \`id\`, which each child there needs; give it one.`,
      );
    }
  },
});

/** What of its duties an element does not fulfil; a component's own template is asked elsewhere. */
function missingOn(container: Tag | null): string[] {
  if (container?.kind !== "html") return [];
  const update = attributeOf(container, "phx-update");
  const isStream = update && (update.expression || update.value === "stream");
  return [...(attributeOf(container, "id") ? [] : ["id"]), ...(isStream ? [] : ["phx-update"])];
}

/** What is wrong with the item, if anything: its id must be that which the stream gives. */
function wrongItem(template: Template, { generator, item, stream }: StreamLoop): string | null {
  const [id] = generator.left.type === "tuple" ? generator.left.items : [];
  if (!item || id?.type !== "variable") return null;
  if (item.kind !== "html") {
    return id.name.startsWith("_") && !attributeOf(item, "id")
      ? `The DOM id of each item of the stream \`${stream}\` is ignored, so the browser cannot update or delete it; hand it on as the item's \`id\`.`
      : null;
  }
  const attribute = attributeOf(item, "id");
  if (!attribute) {
    return `The items of the stream \`${stream}\` have no \`id\`, so the browser cannot update or delete them; give them the one that the stream gives.`;
  }
  const value = expressionOf(template, attribute);
  if (value?.type === "variable" && value.name === id.name) return null;
  // A function may give it back as it is; a string around it does not.
  if (value && value.type !== "string" && mentions(value, new Set([id.name]))) return null;
  return `The \`id\` of the items is not that which the stream \`${stream}\` gives, by which the browser updates and deletes them; use it as it is.`;
}

/** Other children of a container, which the browser would take away. */
function strangers(template: Template, loops: readonly StreamLoop[]): Tag[] {
  return loops.flatMap(({ container }) => {
    if (!container || missingOn(container).length > 0) return [];
    const parent = template.tags.indexOf(container);
    return template.tags.filter(
      (tag) => tag.parent === parent && tag.kind === "html" && !attributeOf(tag, "id") && !rendersStream(tag, loops),
    );
  });
}

function rendersStream(tag: Tag, loops: readonly StreamLoop[]): boolean {
  return (
    attributeOf(tag, ":for") !== null ||
    loops.some(({ item, generator }) => item === tag || (generator.end < tag.start && item === null))
  );
}

/** `<ul` */
function nameOf({ start, name }: Tag): Range {
  return { start, end: start + 1 + name.length };
}

function addTo(tag: Tag, attributes: string) {
  return (source: FormSource): Edit[] => [source.insertAfter(nameOf(tag), attributes)];
}

/** The id from the stream, with a name where it had none. */
function fixesOf(template: Template, { generator }: StreamLoop, item: Tag) {
  const [id] = generator.left.type === "tuple" ? generator.left.items : [];
  if (id?.type !== "variable" || item.kind !== "html") return [];
  const name = id.name.startsWith("_") ? "dom_id" : id.name;
  if (name !== id.name && mentions(template, new Set([name]))) return [];
  const attribute = attributeOf(item, "id");
  return [
    fix(`Use \`id={${name}}\``, (source) => [
      ...(name === id.name ? [] : [source.replace(id, name)]),
      attribute ? source.replace(attribute, `id={${name}}`) : source.insertAfter(nameOf(item), ` id={${name}}`),
    ]),
  ];
}
