import type { Binary, Node, Template } from "../syntax/ast.ts";
import { boundNames, isBranching } from "../syntax/flow.ts";
import { isVariable } from "../syntax/literals.ts";
import { attributeOf, tagsAround } from "../syntax/markup.ts";
import { ancestors, visit } from "../syntax/visit.ts";
import type { VariableBlock } from "./live-facts.ts";

/** A part of a template that is left out of a render where none of its assigns has changed. */
type Block = Pick<Node, "start" | "end">;

/**
 * The innermost such part around a match: an `if`, a `case` or their like, an element with `:if`, a component with what it holds. Null
 * where there is none, and the variable is bound whenever the template is rendered.
 * @param others all matches that bind variables for the template, in it and before it
 */
export function blockOf(match: Binary, template: Template, others: readonly Binary[]): VariableBlock | null {
  const block = blockAround(match, template);
  if (!block) return null;
  const from = new Set<string>();
  const isKnown = dependsOn(match.right, template, others, from);
  const read = isKnown && !readsFromOutside(block, template, others) ? assignsIn(template.body, block) : null;
  return { others: read && [...read].filter((path) => !isPartOf(path, from)) };
}

function blockAround(match: Node, template: Template): Block | null {
  const branching = [...ancestors(match)].find((node) => node === template.body || isBranching(node));
  const [tag] = tagsAround(template, match).filter((t) => t.kind !== "html" || attributeOf(t, ":if"));
  // All slots of a component are rendered by it.
  const owner = tag?.kind === "slot" ? (template.tags[tag.parent] ?? tag) : tag;
  if (branching && branching !== template.body && branching.start > (owner?.start ?? -1)) return branching;
  return owner ? { start: owner.start, end: owner.elementEnd } : null;
}

/** Adds the assigns that a value is computed from, itself or by other variables; false where something of it is not known. */
function dependsOn(value: Node, template: Template, matches: readonly Binary[], from: Set<string>, depth = 6): boolean {
  const direct = assignsIn(value);
  if (!direct || depth === 0) return false;
  for (const key of direct) from.add(key);
  const own = new Set<string>();
  let isKnown = true;
  visit(value, (node) => {
    if (node.type === "clause") for (const pattern of node.patterns) boundNames(pattern, own);
    else if (node.type === "binary" && /^(?:<-|=)$/.test(node.operator)) boundNames(node.left, own);
    else if (node.type === "variable" && !own.has(node.name) && !/^(?:_|assigns$)/.test(node.name)) {
      const bound = matches.filter(({ left }) => boundNames(left).has(node.name));
      isKnown &&= bound.length > 0 && bound.every(({ right }) => dependsOn(right, template, matches, from, depth - 1));
    }
  });
  return isKnown;
}

/** A variable from outside of the block has it evaluated whenever the one around it is. */
function readsFromOutside({ start, end }: Block, template: Template, matches: readonly Binary[]): boolean {
  const names = new Set<string>();
  for (const match of matches) if (match.start < start || match.end > end) boundNames(match.left, names);
  let found = false;
  visit(template.body, (node) => {
    if (node.end < start || node.start > end) return false;
    if (node.type === "variable" && node.start >= start && node.end <= end && names.has(node.name)) found = true;
    return !found;
  });
  return found;
}

/** LiveView sets these once. */
const STILL = /^(?:socket|myself)\b/;

/** The assigns that the nodes between the places name, with the fields of them, which LiveView compares; null where all of them go somewhere. */
function assignsIn(root: Node, { start, end }: Block = root): Set<string> | null {
  const paths = new Set<string>();
  let isWhole = false;
  visit(root, (node) => {
    if (node.end < start || node.start > end) return false;
    if (node.start < start || node.end > end) return true;
    const path = pathOf(node);
    if (path === "") isWhole = true;
    else if (path !== null && !STILL.test(path)) paths.add(path);
    return path === null;
  });
  return isWhole ? null : paths;
}

/** `ticket.price` of `@ticket.price`, `assigns.ticket[:price]`; empty for all assigns, null for anything else. */
function pathOf(node: Node): string | null {
  if (node.type === "attribute") return node.name;
  if (isVariable(node, "assigns")) return "";
  if (node.type !== "field" && node.type !== "access") return null;
  const name = node.type === "field" ? node.name : node.key.type === "atom" ? node.key.value : null;
  const outer = name === null ? null : pathOf(node.object);
  return outer === null ? null : outer === "" ? name : `${outer}.${name}`;
}

/** True where the one cannot change without one of the others. */
function isPartOf(path: string, others: ReadonlySet<string>): boolean {
  return [...others].some((other) => path === other || path.startsWith(`${other}.`));
}
