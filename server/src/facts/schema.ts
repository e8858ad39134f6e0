import type { Call, Node } from "../syntax/ast.ts";
import type { Env } from "../syntax/env.ts";
import { keywordValue } from "../syntax/flow.ts";
import { isAtom } from "../syntax/literals.ts";
import { visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { Association, SchemaFacts, SchemaField } from "./facts.ts";

const ASSOCIATIONS = ["belongs_to", "has_many", "has_one", "many_to_many", "embeds_one", "embeds_many"] as const;

/** With the macros of `typed_ecto_schema`, which take the same. */
const SCHEMA = /^(?:typed_)?(?:embedded_)?schema$/;

/** What `schema "table" do … end` or `embedded_schema do … end` declares; null for any other call. */
export function schemaOf(call: Call, env: Env, anchors: Anchors): SchemaFacts | null {
  if (!SCHEMA.test(call.name)) return null;
  const body = call.sections.find((section) => section.name === "do");
  if (!body || (call.module !== null && call.module !== "Ecto.Schema")) return null;
  const source = call.args[0];
  if (!call.name.endsWith("embedded_schema") && source?.type !== "string") return null;
  const fields: SchemaField[] = [];
  const associations: Association[] = [];
  const primaryKey = primaryKeyOf(env.attributes.get("primary_key"));
  visit(body, (node) => {
    if (node.type !== "call" || node.target) return;
    const name = node.args[0];
    if (name?.type !== "atom") return;
    if (node.name === "field") fields.push(fieldOf(node, name.value, anchors));
    const kind = ASSOCIATIONS.find((one) => one === node.name);
    if (kind) associations.push(association(kind, node, name.value, anchors));
    if (isAtom(keywordValue(node.args.at(-1), "primary_key"), "true"))
      primaryKey.push(node.name === "belongs_to" ? `${name.value}_id` : name.value);
  });
  return {
    at: anchors.add({ start: call.calleeStart, end: call.calleeEnd }),
    source: source?.type === "string" ? source.value : null,
    prefix: nameOf(env.attributes.get("schema_prefix")),
    primaryKey,
    fields,
    associations,
  };
}

/** `@primary_key {:id, :binary_id, …}` or `false`; without it Ecto takes `:id`. */
function primaryKeyOf(attribute: Node | undefined): string[] {
  if (!attribute) return ["id"];
  const name = attribute.type === "tuple" ? nameOf(attribute.items[0]) : null;
  return name === null ? [] : [name];
}

function fieldOf(call: Call, name: string, anchors: Anchors): SchemaField {
  const options = call.args[2];
  return {
    name,
    type: typeName(call.args[1]),
    source: nameOf(keywordValue(options, "source")),
    virtual: isAtom(keywordValue(options, "virtual"), "true"),
    redact: isAtom(keywordValue(options, "redact"), "true"),
    uuid: generatesUuid(keywordValue(options, "autogenerate")),
    at: anchors.add(call),
  };
}

/** `{Ecto.UUID, :generate, []}` */
function generatesUuid(value: Node | null | undefined): boolean {
  const [module] = value?.type === "tuple" ? value.items : [];
  return module?.type === "alias" && /UUID/i.test(module.module);
}

function association(kind: Association["kind"], call: Call, name: string, anchors: Anchors): Association {
  const related = call.args[1];
  const key = keywordValue(call.args[2], "foreign_key") ?? keywordValue(related, "foreign_key");
  const path = keywordValue(related, "through");
  const written = key?.type === "atom" ? key.value : null;
  return {
    kind,
    name,
    related: related?.type === "alias" ? related.module : null,
    foreignKey: written ?? (kind === "belongs_to" ? `${name}_id` : null),
    through: path?.type === "list" ? nameOf(path.items[0]) : null,
    joinTable: stringOf(keywordValue(call.args[2], "join_through")),
    onDelete: /^(?:delete|nilify)_all$/.test(
      nameOf(keywordValue(call.args[2], "on_delete") ?? keywordValue(related, "on_delete")) ?? "",
    ),
    at: anchors.add(call),
  };
}

function stringOf(node: Node | null): string | null {
  return node?.type === "string" ? node.value : null;
}

function typeName(node: Node | undefined): string {
  if (!node) return "string";
  if (node.type === "atom") return node.value;
  if (node.type === "alias") return node.module;
  if (node.type === "tuple") return node.items.map((item) => typeName(item)).join(" ");
  return "";
}

function nameOf(node: Node | null | undefined): string | null {
  return node?.type === "atom" || node?.type === "string" ? node.value : null;
}
