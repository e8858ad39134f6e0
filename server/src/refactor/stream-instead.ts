import type { Anchor, Edit, Fix, FormSource } from "../lint/rule.ts";
import type { Call, Node, Tag, Template } from "../syntax/ast.ts";
import { ancestors, mentions } from "../syntax/visit.ts";

/**
 * Makes a list in the assigns a stream: `stream` where the key was assigned, with `reset: true` outside of `mount`, and in the
 * template `:for={{dom_id, item} <- @streams.key}` with the ids that a stream wants, whichever file that is in. Null where the
 * list is not the only thing in an element.
 */
export function streamInstead(key: string, sets: readonly Anchor[], read: Anchor): Fix["edits"] {
  return (source) => {
    const markup = source.elsewhere(read);
    const listing = markup && streamed(markup, key);
    if (!listing) return null;
    const edits: Edit[] = [...listing];
    for (const at of sets) {
      const form = source.elsewhere(at);
      const setting = form && setAsStream(form, key);
      if (!setting) return null;
      edits.push(...setting);
    }
    return edits;
  };
}

/** The edits in the template: the tag with `:for`, and the one around it. */
function streamed(source: FormSource, key: string): Edit[] | null {
  const node = source.node(source.at);
  const template = node && [...ancestors(node)].find((outer): outer is Template => outer.type === "template");
  const generator = node?.parent;
  if (!node || !template || generator?.type !== "binary" || generator.left.type !== "variable") return null;
  const tag = template.tags.find((one) => forOf(one, generator) !== undefined);
  const loop = tag && forOf(tag, generator);
  const around = tag && template.tags[tag.parent];
  if (!tag || !loop || tag.kind !== "html" || around?.kind !== "html") return null;
  if (template.tags.filter(({ parent }) => parent === tag.parent).length !== 1) return null;
  const name = mentions(template, new Set(["dom_id"])) ? "stream_id" : "dom_id";
  const id = tag.attributes.find((attribute) => attribute.name === "id");
  const has = (attribute: string): boolean => around.attributes.some((one) => one.name === attribute);
  const added = `${has("id") ? "" : ` id="${key.replaceAll("_", "-")}"`}${has("phx-update") ? "" : ' phx-update="stream"'}`;
  const nameEnd = around.start + 1 + around.name.length;
  return [
    source.replace(generator.left, `{${name}, ${generator.left.name}}`),
    source.replace(node, `@streams.${key}`),
    id ? source.replace(id, `id={${name}}`) : source.insertAfter(loop, ` id={${name}}`),
    source.replace({ start: nameEnd, end: nameEnd }, added),
  ];
}

/** The `:for` of the tag, when it is that generator. */
function forOf(tag: Tag, generator: Node): Tag["attributes"][number] | undefined {
  return tag.attributes.find(
    ({ name, valueStart, end }) => name === ":for" && valueStart <= generator.start && generator.end <= end,
  );
}

/** The edits where the key is set. */
function setAsStream(source: FormSource, key: string): Edit[] | null {
  const at = source.node(source.at);
  const call = at && [...ancestors(at)].find((outer): outer is Call => outer.type === "call");
  if (!at || !call || call.name !== "assign") return null;
  const callee =
    source.text({ start: call.calleeStart, end: call.calleeEnd }) === "assign" ? "stream" : "Phoenix.LiveView.stream";
  const inMount = source.ast.type === "def" && source.ast.name === "mount";
  const reset = inMount ? "" : ", reset: true";
  const renamed = source.replace({ start: call.calleeStart, end: call.calleeEnd }, callee);
  const [, , value] = call.args;
  if (value) return reset === "" ? [renamed] : [renamed, source.insertAfter(value, reset)];
  const pair = at.parent;
  const list = pair?.parent;
  if (pair?.type !== "pair" || (list?.type !== "list" && list?.type !== "map")) return null;
  const streamed = `:${key}, ${source.text(pair.value)}${reset}`;
  if (list.items.length === 1) return [renamed, source.replace(list, streamed)];
  const index = list.items.indexOf(pair);
  const [before, after] = [list.items[index - 1], list.items[index + 1]];
  const gap = before ? { start: before.end, end: pair.end } : { start: pair.start, end: after?.start ?? pair.end };
  const removed = source.replace(gap, "");
  if (!call.piped)
    return [source.insertBefore(call, `${callee}(`), removed, source.insertAfter(call, `, ${streamed})`)];
  const [first] = call.args;
  const breaks = first && source.between(first.end, call.ownStart).includes("\n");
  const step = breaks ? `\n${source.indentation({ start: call.ownStart, end: call.end })}|> ` : " |> ";
  return [removed, source.insertAfter(call, `${step}${callee}(${streamed})`)];
}
