import type { Anchor, Edit, Fix, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { ancestors, visit } from "../syntax/visit.ts";
import { removeAssign } from "./remove-assign.ts";

/**
 * Writes what a key is set to where the template reads it, and takes the key out of every `assign`. Null where the value is not
 * written in the `assign` itself, or where a name in it is not another key's.
 */
export function inlineAssign(
  key: string,
  first: Anchor,
  sets: readonly Anchor[],
  reads: readonly Anchor[],
): Fix["edits"] {
  return (source) => {
    const form = source.elsewhere(first);
    const text = form && writtenValue(form, key);
    const removed = removeAssign(sets)(source);
    if (!text || !removed) return null;
    const edits: Edit[] = [...removed];
    for (const at of reads) {
      const template = source.elsewhere(at);
      const node = template?.node(template.at);
      if (!template || node?.type !== "attribute") return null;
      const isPlain = node.parent?.type === "block" || /^[\w@.]+[?!]?\([^()]*\)$/s.test(text);
      edits.push(template.replace(node, isPlain ? text : `(${text})`));
    }
    return edits;
  };
}

/** The value that the key is set to, as the template would write it; null where it cannot. */
function writtenValue(source: FormSource, key: string): string | null {
  const at = source.node(source.at);
  const call = at && [...ancestors(at)].find((outer): outer is Call => outer.type === "call");
  const value = at?.parent?.type === "pair" ? at.parent.value : call?.args[2];
  if (!call || !value || value.type === "variable") return null;
  const siblings = setBeside(call, key);
  const names: { readonly node: Node; readonly key: string }[] = [];
  let known = true;
  visit(value, (node) => {
    if (node.type === "fn" || node.type === "alias") known &&= node.type !== "alias" || node.module === node.short;
    if (node.type === "field" && node.object.type === "field" && node.object.name === "assigns") {
      names.push({ node, key: node.name });
      return false;
    }
    if (node.type !== "variable") return true;
    const other = siblings.get(node.name);
    if (other) names.push({ node, key: other });
    else known = false;
    return true;
  });
  if (!known) return null;
  let text = "";
  let from = value.start;
  for (const { node, key: other } of names.sort((a, b) => a.node.start - b.node.start)) {
    text += `${source.between(from, node.start)}@${other}`;
    from = node.end;
  }
  return text + source.between(from, value.end);
}

/** Variables that the same pipe of `assign`s sets other keys to. */
function setBeside(call: Call, key: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const chain: Call[] = [];
  for (let at: Node | undefined = call; at?.type === "call"; at = at.args[0]) chain.push(at);
  for (const outer of ancestors(call)) if (outer.type === "call") chain.push(outer);
  for (const { name, args } of chain) {
    if (name !== "assign") continue;
    const [, keys, value] = args;
    if (keys?.type === "atom" && value?.type === "variable") out.set(value.name, keys.value);
    if (keys?.type !== "list" && keys?.type !== "map") continue;
    for (const item of keys.items)
      if (item.type === "pair" && item.key.type === "atom" && item.key.value !== key && item.value.type === "variable")
        out.set(item.value.name, item.key.value);
  }
  return out;
}
