import type { Call, Node } from "../syntax/ast.ts";
import { keywordValue } from "../syntax/flow.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { Association, SchemaFacts, SchemaField } from "./facts.ts";

const ASSOCIATIONS = new Set(["belongs_to", "has_many", "has_one", "many_to_many", "embeds_one", "embeds_many"]);

/** With the macros of `typed_ecto_schema`, which take the same. */
const SCHEMA = /^(?:typed_)?(?:embedded_)?schema$/;

/** What `schema "table" do … end` or `embedded_schema do … end` declares; null for any other call. */
export function schemaOf(call: Call, anchors: Anchors): SchemaFacts | null {
  if (!SCHEMA.test(call.name)) return null;
  const body = call.sections.find((section) => section.name === "do");
  if (!body || (call.module !== null && call.module !== "Ecto.Schema")) return null;
  const source = call.args[0];
  if (!call.name.endsWith("embedded_schema") && source?.type !== "string") return null;
  const fields: SchemaField[] = [];
  const associations: Association[] = [];
  visit(body, (node) => {
    if (node.type !== "call" || node.target) return;
    const name = node.args[0];
    if (name?.type !== "atom") return;
    if (node.name === "field") fields.push({ name: name.value, type: typeName(node.args[1]), at: anchors.add(node) });
    else if (ASSOCIATIONS.has(node.name)) associations.push(association(node, name.value, anchors));
  });
  return {
    at: anchors.add({ start: call.calleeStart, end: call.calleeEnd }),
    source: source?.type === "string" ? source.value : null,
    fields,
    associations,
  };
}

function association(call: Call, name: string, anchors: Anchors): Association {
  const related = call.args[1];
  const key = keywordValue(call.args[2], "foreign_key") ?? keywordValue(related, "foreign_key");
  const kind = call.name as Association["kind"];
  const written = key?.type === "atom" ? key.value : null;
  return {
    kind,
    name,
    related: related?.type === "alias" ? related.module : null,
    foreignKey: written ?? (kind === "belongs_to" ? `${name}_id` : null),
    at: anchors.add(call),
  };
}

function typeName(node: Node | undefined): string {
  if (!node) return "string";
  if (node.type === "atom") return node.value;
  if (node.type === "alias") return node.module;
  if (node.type === "tuple") return node.items.map((item) => typeName(item)).join(" ");
  return "";
}
