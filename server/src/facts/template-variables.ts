import type { Binary, Def, Node, Template, Variable } from "../syntax/ast.ts";
import { functionAround } from "../syntax/binding.ts";
import { type Env, importedFrom } from "../syntax/env.ts";
import { boundNames } from "../syntax/flow.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { attributeAround, attributeOf, freeReads, namesOfMarkup, tagsAround } from "../syntax/markup.ts";
import { ancestors, find, mentions, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { TemplateVariable } from "./facts.ts";
import { blockOf } from "./template-blocks.ts";

/** The variables that a template shows, and that are bound in it or in the function around it. */
export function variablesOf(template: Template, { text, env }: FormSyntax, anchors: Anchors): TemplateVariable[] {
  const out: TemplateVariable[] = [];
  const known = namesOfMarkup(template);
  const inside = matchesIn(template);
  const def = componentAround(template);
  const before = def ? matchesBefore(template) : [];
  const add = (at: Node, left: Node, bound: Binary | null): void => {
    const names = [...boundNames(left)].filter((name) => !known.has(name) && isShown(template, name, at, text));
    if (names.length === 0) return;
    const block = bound && blockOf(bound, template, [...before, ...inside]);
    const assignable = bound !== null && left.type === "variable" && isAssignable(template, env);
    out.push({ at: anchors.add(at), names, block, template: assignable ? anchors.add(template) : null });
  };
  for (const match of inside) add(match.left, match.left, match);
  if (!def) return out;
  for (const match of before) add(match.left, match.left, match);
  for (const [name, at] of parametersOf(def, text)) add(at, name, null);
  return out;
}

/** Before HEEx, `assign` took sockets only. */
function isAssignable({ dialect }: Template, env: Env): boolean {
  return dialect !== "leex" && importedFrom(env, "assign") === "Phoenix.Component";
}

/** Matches that the template makes itself; what is bound in a comprehension is made anew with its element. */
function matchesIn(template: Template): Binary[] {
  const out: Binary[] = [];
  const forms = new Set<string>();
  visit(template.body, (node) => {
    if (node.type === "fn" || node.type === "capture") return false;
    if (node.type === "call" && node.module === null && node.name === "for") return false;
    if (node.type !== "binary" || node.operator !== "=" || node.parent?.type !== "block") return true;
    // `:if={message = …}` is an `if`; a slot can be rendered here only.
    if (attributeAround(template, node) || rendersSlot(node.right)) return true;
    if (opensForm(node.right)) boundNames(node.left, forms);
    // The form is sent at every render, and so is what comes of it.
    if (opensForm(node.right) || mentions(node.right, forms)) return true;
    if (!tagsAround(template, node).some((tag) => attributeOf(tag, ":for") || attributeOf(tag, ":let"))) out.push(node);
    return true;
  });
  return out;
}

function rendersSlot(value: Node): boolean {
  return find(value, (node) => node.type === "call" && node.name === "render_slot") !== null;
}

/** `f = form_for @changeset, "#"`: so it is written where there is no `<.form>`. */
function opensForm(value: Node): boolean {
  return value.type === "call" && value.name === "form_for";
}

/** The function component or `render/1` that ends in the template. */
function componentAround(template: Template): Def | null {
  const def = functionAround(template);
  if (def.type !== "def" || def.params.length !== 1 || !def.params.some((p) => boundNames(p).has("assigns")))
    return null;
  const isDeferred = [...ancestors(template)].some(
    (n) => n.type === "fn" || n.type === "capture" || (n.type === "call" && n.module === null && n.name === "for"),
  );
  return isDeferred ? null : def;
}

/** The matches among the statements before the template. */
function matchesBefore(template: Template): Binary[] {
  return [...ancestors(template)].flatMap((block) =>
    block.type === "block"
      ? block.statements.filter(
          (node): node is Binary => node.type === "binary" && node.operator === "=" && node.end <= template.start,
        )
      : [],
  );
}

/** The variables that the parameter `%{title: title} = assigns` binds beside `assigns`. */
function parametersOf(def: Def, text: string): [Variable, Node][] {
  const out: [Variable, Node][] = [];
  const bound = new Set<string>();
  for (const param of def.params) {
    boundNames(param, bound);
    visit(param, (node) => {
      if (
        node.type === "variable" &&
        node.name !== "assigns" &&
        bound.has(node.name) &&
        text.slice(node.start, node.end) === node.name
      )
        out.push([node, node]);
    });
  }
  return out;
}

/** True when the template reads the variable; one that is bound in it in another expression than that which binds it. */
function isShown(template: Template, name: string, at: Node, text: string): boolean {
  if (name === "assigns") return false;
  const isOutside = at.start < template.start;
  const again = isOutside ? [] : matchesIn(template).filter(({ left }) => left !== at && boundNames(left).has(name));
  return freeReads(template, name).some(({ start }) => {
    if (isOutside) return true;
    if (start < at.end || again.some(({ left }) => at.end <= left.start && left.start <= start)) return false;
    return text.slice(at.end, start).includes("%>");
  });
}
