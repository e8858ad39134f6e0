import type { Node, Variable } from "./ast.ts";
import { boundNames } from "./flow.ts";
import { visit } from "./visit.ts";

/** What a closure reads of a variable from outside: fields only. */
export interface CopiedReads {
  readonly variable: string;
  /** By the path that is read, such as `socket.assigns.user`, the nodes. */
  readonly paths: ReadonlyMap<string, { readonly name: string; readonly places: Node[] }>;
  /** True when each of them is evaluated whenever the closure is. */
  readonly always: boolean;
}

/** Maps of maps, whose parts are what somebody wants. */
const NESTED = new Set(["assigns", "private", "params"]);

const NONE: ReadonlySet<Node> = new Set();

/**
 * The fields that a closure reads of the variable, when it does nothing else with it; null otherwise.
 * @param apart nodes in it that count for nothing
 */
export function copiedReads(closure: Node, variable: string, apart: ReadonlySet<Node> = NONE): CopiedReads | null {
  const paths = new Map<string, { name: string; places: Node[] }>();
  let only = true;
  let always = true;
  visit(closure, (node) => {
    if (node.type === "clause" || (node.type === "binary" && /^(?:=|<-)$/.test(node.operator))) {
      const patterns = node.type === "clause" ? node.patterns : [node.left];
      if (patterns.some((pattern) => boundNames(pattern).has(variable))) only = false;
    }
    if (node.type !== "variable" || node.name !== variable || apart.has(node)) return;
    const read = readOf(node);
    if (!read) {
      only = false;
      return;
    }
    always &&= isAlways(read.node, closure);
    const known = paths.get(read.path);
    if (known) known.places.push(read.node);
    else paths.set(read.path, { name: read.name, places: [read.node] });
  });
  return only && paths.size > 0 ? { variable, paths, always } : null;
}

/** `v.name`, or `v.assigns.name` */
function readOf(variable: Variable): { node: Node; path: string; name: string } | null {
  const field = variable.parent;
  if (field?.type !== "field" || field.object !== variable) return null;
  const inner = field.parent;
  if (NESTED.has(field.name)) {
    if (inner?.type !== "field" || inner.object !== field) return null;
    return { node: inner, path: `${variable.name}.${field.name}.${inner.name}`, name: inner.name };
  }
  return { node: field, path: `${variable.name}.${field.name}`, name: field.name };
}

function isAlways(node: Node, closure: Node): boolean {
  for (let at = node.parent; at && at !== closure; at = at.parent) {
    if (at.type === "section" || at.type === "fn" || at.type === "capture") return false;
    if (at.type === "binary" && /^(?:&&|\|\||and|or)$/.test(at.operator)) return false;
  }
  return true;
}
