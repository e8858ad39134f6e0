import type { Def, Node } from "../syntax/ast.ts";
import { eachChild } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { Reference } from "./facts.ts";

const NONE: readonly Reference[] = [];

/** The modules that a function clause names other than by calling them: structs and sources of queries. */
export function referencesOf(def: Def, module: string, anchors: Anchors): readonly Reference[] {
  const found: Reference[] = [];
  const add = (named: Node | null | undefined, as: Reference["as"], start: number): void => {
    if (named?.type === "alias" && named.module !== module)
      found.push({ module: named.module, as, at: anchors.add({ start, end: named.end }) });
  };
  const walk = (node: Node, pattern: boolean): void => {
    switch (node.type) {
      case "map":
        if (node.struct) add(node.struct, pattern ? "match" : node.base ? "update" : "build", node.start);
        break;
      case "call":
        if (node.module === "Ecto.Query") {
          const source = sourceOf(node.args[0]);
          if (source) add(source, "source", source.start);
        }
        if (node.module === null && (node.name === "quote" || node.name === "match?")) return;
        break;
      case "binary":
        if (node.operator === "=" || node.operator === "<-") {
          walk(node.left, true);
          walk(node.right, pattern);
          return;
        }
        if (node.operator === "\\\\") {
          walk(node.left, pattern);
          walk(node.right, false);
          return;
        }
        break;
      case "clause":
        for (const one of node.patterns) walk(one, true);
        walk(node.body, false);
        return;
    }
    eachChild(node, (child) => walk(child, pattern));
  };
  for (const param of def.params) walk(param, true);
  for (const node of [def.body, ...def.sections]) if (node) walk(node, false);
  return found.length > 0 ? found : NONE;
}

/** What a query is made of: `User` in `from u in User` and `where(User, …)`, the schema in `{"archived_users", User}`. */
function sourceOf(query: Node | undefined): Node | null {
  if (query?.type === "alias") return query;
  if (query?.type === "tuple") return query.items[1] ?? null;
  return query?.type === "binary" && query.operator === "in" ? sourceOf(query.right) : null;
}
