import type { Edit, FormSource } from "../lint/rule.ts";
import type { Call, Node, Template } from "../syntax/ast.ts";
import { ancestors, visit } from "../syntax/visit.ts";

/**
 * `<.card {assigns} />` as `<.card title={@title} />`, by what the component of this module declares. Null where it takes
 * slots or any attribute: what is in `assigns` for it is not known then.
 */
export function passAttributes(source: FormSource): Edit[] | null {
  const spread = source.node(source.at);
  const template = spread && [...ancestors(spread)].find((node): node is Template => node.type === "template");
  const tag = template?.tags.find(({ start, end }) => start < source.at.start && source.at.end < end);
  if (!tag || source.ast.type !== "def") return null;
  const forms = source.siblings();
  const callee = declaredFor(forms, tag.name.slice(1));
  const caller = source.ast.name === null ? null : declaredFor(forms, source.ast.name);
  if (!callee || callee.some(isOpen)) return null;
  const given = new Set(tag.attributes.map(({ name }) => name));
  const has = new Set((caller ?? []).map(nameOf));
  const names = callee.map(nameOf).filter((name) => name && !given.has(name) && (has.size === 0 || has.has(name)));
  if (names.length === 0) return null;
  const braces = { start: source.at.start - 1, end: source.at.end + 1 };
  if (source.text(braces) !== "{assigns}") return null;
  return [source.replace(braces, names.map((name) => `${name}={@${name}}`).join(" "))];
}

/** The `attr` and `slot` declarations before the first clause of the component; null where there is none. */
function declaredFor(forms: readonly FormSource[], name: string): Call[] | null {
  let pending: Call[] = [];
  for (const { ast } of forms) {
    if (ast.type === "call" && ast.module !== "Ecto.Schema" && /^(?:attr|slot)$/.test(ast.name)) pending.push(ast);
    if (ast.type !== "def") continue;
    if (ast.name === name) return pending.length > 0 ? pending : null;
    pending = [];
  }
  return null;
}

function nameOf({ args: [name] }: Call): string {
  return name?.type === "atom" ? name.value : "";
}

/** A slot, and an attribute that takes whatever is given beside the others. */
function isOpen(declared: Call): boolean {
  let isGlobal = false;
  visit(declared, (node: Node) => {
    if (node.type === "atom" && node.value === "global") isGlobal = true;
  });
  return declared.name === "slot" || isGlobal;
}
