import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node } from "../syntax/ast.ts";
import { importedFrom } from "../syntax/env.ts";
import { lambdaOf } from "../syntax/sql-expression.ts";
import { eachChild, visit } from "../syntax/visit.ts";
import { refine, unwrap } from "./load-less.ts";
import { callAt } from "./preload-after.ts";

/**
 * `query |> Repo.all() |> Enum.map(& &1.name)` with the closure as a `select` of the query. Null where the closure does
 * more than pick fields, or `select` is not imported.
 */
export function selectInQuery(source: FormSource): Edit[] | null {
  const load = callAt(source);
  const map = load?.parent;
  const query = load?.args[0];
  if (!load || !query || map?.type !== "call" || map.args[0] !== load || load.args.length !== 1 || !load.remote)
    return null;
  if (map.module !== "Enum" || map.name !== "map" || importedFrom(source.env, "select") !== "Ecto.Query") return null;
  const closure = map.args[1];
  const lambda = lambdaOf(closure);
  if (!closure || !lambda) return null;
  const row = rowName(query);
  const places = fieldsOf(lambda.body, closure);
  if (!places) return null;
  let text = "";
  let from = lambda.body.start;
  for (const { at, name } of places) {
    text += `${source.between(from, at.start)}${row}.${name}`;
    from = at.end;
  }
  text += source.between(from, lambda.body.end);
  return [...refine(source, load, query, "select", `[${row}], ${text}`), ...unwrap(source, map)];
}

interface Place {
  readonly at: Node;
  readonly name: string;
}

/** The fields that the body reads of its row, in order; null where it does anything else than put them together. */
function fieldsOf(body: Node, closure: Node): Place[] | null {
  const pattern = closure.type === "fn" ? closure.clauses[0]?.patterns[0] : undefined;
  const out: Place[] = [];
  const renamed = new Map<string, string>();
  if (pattern?.type === "map") {
    for (const item of pattern.items) {
      if (item.type !== "pair" || item.key.type !== "atom" || item.value.type !== "variable") return null;
      renamed.set(item.value.name, item.key.value);
    }
  } else if (pattern && pattern.type !== "variable") return null;
  const isRow = (node: Node): boolean =>
    node.type === "capture-argument"
      ? node.index === 1
      : node.type === "variable" && pattern?.type === "variable" && pattern.name === node.name;
  const read = (node: Node): boolean => {
    if (node.type === "field" && isRow(node.object)) {
      out.push({ at: node, name: node.name });
      return true;
    }
    if (node.type === "variable" && renamed.has(node.name)) {
      out.push({ at: node, name: renamed.get(node.name) ?? node.name });
      return true;
    }
    if (node.type === "atom") return true;
    if (
      node.type !== "tuple" &&
      node.type !== "list" &&
      node.type !== "pair" &&
      (node.type !== "map" || node.struct || node.base)
    )
      return false;
    let plain = true;
    eachChild(node, (child) => {
      plain &&= read(child);
    });
    return plain;
  };
  return read(body) && out.length > 0 ? out : null;
}

/** What the query calls its rows: as its `from` does, else after its schema. */
function rowName(query: Node): string {
  let name: string | null = null;
  visit(query, (node) => {
    if (name !== null || node.type !== "call" || node.module !== "Ecto.Query") return;
    const [first] = node.args;
    if (node.name === "from" && first?.type === "binary" && first.left.type === "variable") name = first.left.name;
    const binding = macroBinding(node);
    if (binding) name = binding;
  });
  if (name !== null) return name;
  const root = find(query);
  return (root ?? "x").slice(0, 1).toLowerCase();
}

function macroBinding({ name, args: [, second, third] }: Call): string | null {
  const first = third && second?.type === "list" && !/join$/.test(name) ? second.items[0] : undefined;
  return first?.type === "variable" && !first.name.startsWith("_") ? first.name : null;
}

function find(node: Node): string | null {
  let short: string | null = null;
  visit(node, (inner) => {
    if (inner.type === "alias" && short === null) short = inner.short;
  });
  return short;
}
