import type { Binary, Node, Tag, Template } from "./ast.ts";
import { attributeOf, expressionOf, tagsAround } from "./markup.ts";
import { visit } from "./visit.ts";

/** The rendering of a stream in a template: `:for={{id, song} <- @streams.songs}`, or the same by `for`. */
export interface StreamLoop {
  readonly stream: string;
  readonly generator: Binary;
  /** The tag that stands for an element; null where there is not exactly one. */
  readonly item: Tag | null;
  /** The element around all of them; null where it is not in this template. */
  readonly container: Tag | null;
}

/** The name of the stream that the expression is: `@streams.songs`, `assigns.streams.songs`, `socket.assigns.streams.songs`. */
export function streamOf(node: Node): string | null {
  if (node.type !== "field") return null;
  const { object } = node;
  if (object.type === "attribute") return object.name === "streams" ? node.name : null;
  if (object.type !== "field" || object.name !== "streams") return null;
  const { object: assigns } = object;
  const isAssigns = (assigns.type === "field" || assigns.type === "variable") && assigns.name === "assigns";
  return isAssigns ? node.name : null;
}

/** All streams that the template renders itself. */
export function streamLoops(template: Template): StreamLoop[] {
  const out: StreamLoop[] = [];
  for (const item of template.tags) {
    const loop = attributeOf(item, ":for");
    const generator = loop && expressionOf(template, loop);
    const stream = generator && generatorOver(generator);
    if (stream) out.push({ ...stream, item, container: template.tags[item.parent] ?? null });
  }
  visit(template.body, (node) => {
    if (node.type !== "call" || node.module !== null || node.name !== "for") return;
    const [generator, more] = node.args;
    const stream = generator && !more ? generatorOver(generator) : null;
    if (!stream) return;
    const [container = null] = tagsAround(template, node);
    const parent = container ? template.tags.indexOf(container) : -1;
    const items = template.tags.filter((t) => t.parent === parent && node.start <= t.start && t.start < node.end);
    out.push({ ...stream, item: (items.length === 1 && items[0]) || null, container });
  });
  return out;
}

function generatorOver(node: Node): Pick<StreamLoop, "stream" | "generator"> | null {
  if (node.type !== "binary" || node.operator !== "<-") return null;
  const stream = streamOf(node.right);
  return stream === null ? null : { stream, generator: node };
}
