import type { Call, Def, Node, Tag, Template } from "../syntax/ast.ts";
import { dialectOfSigil } from "../syntax/dialect.ts";
import { boundNames, keywordValue, tails } from "../syntax/flow.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { isVariable } from "../syntax/literals.ts";
import { attributeAround, attributeOf, expressionOf, tagsAround } from "../syntax/markup.ts";
import { ancestors, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import type { EventFact, InputFact, TemplateFacts, TemplateVariable, UnkeyedLoop, WholeAssigns } from "./facts.ts";
import { ANYBODY } from "./live-facts.ts";
import { variablesOf } from "./template-variables.ts";
import { unkeyedIn } from "./unkeyed.ts";

/** Quick to say no. */
const MENTIONS = /~[HL]|assigns|render|JS\.push/;
const NONE: readonly never[] = [];

/** What a function clause or a template file has to do with templates; null for nothing. */
export function templateFactsOf(root: Def | Template, form: FormSyntax, anchors: Anchors): TemplateFacts | null {
  if (root.type === "def" && !MENTIONS.test(form.text)) return null;
  const tracked = !form.env.page && takesAssigns(root);
  const component = root.type === "def" && root.params.length === 1 && root.name !== "render" ? root.name : null;
  const reader = new TemplateFactsReader(anchors, tracked, form, component);
  reader.read(root);
  const { wholes, elements, variables, events, inputs, unkeyed } = reader;
  const renders = root.type === "template" || (root.body !== null && tails(root.body).some(mayRender));
  if (
    (!renders || (root.type === "template" && tracked)) &&
    wholes.length + variables.length + events.length + inputs.length + unkeyed.length === 0
  )
    return null;
  return {
    renders,
    tracked,
    wholes: orNone(wholes),
    elements: orNone(elements),
    variables: orNone(variables),
    events: orNone(events),
    inputs: orNone(inputs),
    unkeyed: orNone(unkeyed),
  };
}

function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length > 0 ? list : NONE;
}

/** False for a function that makes its `assigns` itself: nothing is tracked in its template. */
function takesAssigns(root: Def | Template): boolean {
  return root.type === "template" || root.params.some((param) => boundNames(param).has("assigns"));
}

/** True for a template, and for calls that may give one, as those that are given a template. */
function mayRender(tail: Node): boolean {
  if (isTemplate(tail)) return true;
  if (tail.type !== "call") return false;
  return (
    /render|component|^(?:apply|raw)?$/.test(tail.name) ||
    tail.target !== null ||
    tail.args.some((item) => isVariable(item, "assigns") || isTemplate(item))
  );
}

function isTemplate(node: Node): boolean {
  return node.type === "sigil" && dialectOfSigil(node.name) !== null;
}

/** Functions of the standard library that get all assigns to read one, or to show them. */
const READS = /^(?:Map|Enum|Keyword)\.|^(?:inspect|get_in|map_size|is_map_key)$/;

const EVENTS =
  /^phx-(?:click|click-away|change|submit|blur|focus|keydown|keyup|window-(?:blur|focus|keydown|keyup)|viewport-(?:top|bottom)|auto-recover)$/;
const KEYSTROKES = /^phx-(?:change|keyup|keydown)$/;
const TEXT_TYPES = /^(?:text|search|email|url|number|tel)$/;

class TemplateFactsReader {
  readonly wholes: WholeAssigns[] = [];
  readonly elements: string[][] = [];
  readonly variables: TemplateVariable[] = [];
  readonly events: EventFact[] = [];
  readonly inputs: InputFact[] = [];
  readonly unkeyed: UnkeyedLoop[] = [];

  constructor(
    private readonly anchors: Anchors,
    private readonly tracked: boolean,
    private readonly form: FormSyntax,
    /** The name of the function component that is read; null for a page and a template file. */
    private readonly component: string | null,
  ) {}

  read(root: Node): void {
    visit(root, (node) => {
      if (node.type === "template" && !node.broken) this.template(node);
      if (node.type === "call") this.call(node);
    });
  }

  private template(template: Template): void {
    for (const tag of template.tags) this.tag(tag, template);
    this.unkeyed.push(...unkeyedIn(template, this.form.env, this.anchors));
    if (this.tracked) this.handedOn(template);
    if (!this.form.env.page) this.variables.push(...variablesOf(template, this.form, this.anchors));
  }

  private tag(tag: Tag, template: Template): void {
    for (const attribute of tag.attributes) {
      if (!EVENTS.test(attribute.name) || (attribute.name === "phx-submit" && isSentElsewhere(tag))) continue;
      const expression = expressionOf(template, attribute);
      const name = expression ? (expression.type === "string" ? expression.value : null) : attribute.value;
      // `phx-click="<%= action %>"` is EEx that HEEx takes for text.
      if (!name || name.includes("<%") || (attribute.expression && !expression)) continue;
      const at = this.anchors.add(attribute);
      this.events.push({ at, name, target: targetOf(tag, template), by: attribute.name });
      if (isText(tag) && KEYSTROKES.test(attribute.name) && !isLimited(tag)) this.input(tag, this.events.length - 1);
    }
    if (!isText(tag) || isLimited(tag) || tag.attributes.some(({ name }) => KEYSTROKES.test(name))) return;
    const form = tagsAround(template, tag).find(({ name }) => name === "form" || name === ".form");
    const change = form && attributeOf(form, "phx-change");
    if (!form || !change || isLimited(form)) return;
    const event = this.events.findIndex(({ at }) => this.anchors.ranges[at]?.start === change.start);
    if (event >= 0) this.input(tag, event);
  }

  private input(tag: Tag, event: number): void {
    this.inputs.push({ at: this.anchors.add(tag), event });
  }

  /** `JS.push("remove", target: @myself)`, `JS.hide() |> JS.push("remove")` */
  private call(call: Call): void {
    if (call.name !== "push" || !/^(?:Phoenix\.LiveView\.)?JS$/.test(call.module ?? "")) return;
    const at = call.args.findIndex((arg) => arg.type === "string");
    const name = call.args[at];
    if (name?.type !== "string" || !name.value || at > 1) return;
    this.events.push({ at: this.anchors.add(name), name: name.value, target: pushTarget(call, at), by: "push" });
  }

  private handedOn(template: Template): void {
    // The component itself, with some of its assigns replaced, or another one that is all that it renders.
    const delegates = ({ name }: Tag): boolean =>
      name === `.${this.component}` || (template.tags.length === 1 && /^\.|\.[a-z_]\w*$/.test(name));
    const elementOf = new Map<Tag, number>();
    // The element of a component whose call a tag or the tag of a slot belongs to, with who gets all assigns there.
    const note = (tag: Tag | undefined, who: string): number => {
      const owner = tag?.kind === "slot" ? template.tags[tag.parent] : tag;
      if (owner?.kind !== "component") {
        if (who === ANYBODY) this.elements.push([who]);
        return -1;
      }
      const index = elementOf.get(owner) ?? this.elements.push([]) - 1;
      elementOf.set(owner, index);
      this.elements[index]?.push(who);
      return index;
    };
    visit(template.body, (node) => {
      if (!isVariable(node, "assigns") || node.parent?.type === "field" || node.parent?.type === "access") return;
      const held = attributeAround(template, node);
      const tag = held?.tag ?? template.tags.find(({ start, end }) => start < node.start && node.end < end);
      const call = node.parent;
      if (call?.type === "call") {
        const to = call.module === null ? call.name : `${call.module}.${call.name}`;
        const isRead = !isAtRunTime(call) && READS.test(to);
        const spread = isRead && tag && !held && call.parent?.type === "block";
        const element = note(tag, spread ? receiver(tag, template) : isAtRunTime(call) ? ANYBODY : to);
        if (isRead && !(call.parent?.type === "call" && isAtRunTime(call.parent)))
          this.wholes.push({ at: this.anchors.add(call), how: "call", to, element });
        return;
      }
      if (call?.type !== "block" || !tag) return;
      const element = note(tag, held ? "" : receiver(tag, template));
      if (tag.kind === "slot" || isWrapper(tag, template) || (this.component && delegates(tag))) return;
      // A LiveComponent compares what it gets with what it has, and renders what differs.
      if (!held && tag.name === ".live_component") return;
      const how = held ? "attribute" : "spread";
      this.wholes.push({ at: this.anchors.add(node), how, to: tag.name, element });
    });
  }
}

/** Who gets what is spread over the tag. */
function receiver(tag: Tag, template: Template): string {
  const module = tag.name === ".live_component" ? attributeOf(tag, "module") : null;
  const isKnown = module === null || expressionOf(template, module)?.type === "alias";
  return isKnown ? tag.name.replace(/^\./, "") : ANYBODY;
}

/** True for a call of a function, or of a module, that only the running program knows: `fun.(x)`, `@module.show(x)`, `component(fun, x)`. */
function isAtRunTime({ name, module, target }: Call): boolean {
  return module === null && (name === "" || target !== null || name === "apply" || name === "component");
}

/** A template that consists of one LiveComponent hands on what it got to somebody who tracks it again. */
function isWrapper(tag: Tag, template: Template): boolean {
  return tag.name === ".live_component" && template.tags.length === 1;
}

/** True for an element that text is typed into. */
function isText(tag: Tag): boolean {
  if (tag.kind !== "html" || tag.attributes.some(({ name }) => name === "readonly" || name === "disabled"))
    return false;
  if (tag.name === "textarea") return true;
  const type = attributeOf(tag, "type");
  return tag.name === "input" && (!type || (!type.expression && TEXT_TYPES.test(type.value ?? "")));
}

/** True for a form that the browser sends to a controller at once. */
function isSentElsewhere(tag: Tag): boolean {
  return attributeOf(tag, "phx-trigger-action")?.value === "true";
}

/** True where not every keystroke is sent. */
function isLimited(tag: Tag): boolean {
  return tag.attributes.some(({ name }) => /^phx-(?:debounce|throttle|key)$/.test(name));
}

function targetOf(tag: Tag, template: Template): EventFact["target"] {
  const target = attributeOf(tag, "phx-target");
  if (!target) return "view";
  const value = expressionOf(template, target);
  return value ? whose(value) : "other";
}

function whose(value: Node): EventFact["target"] {
  if (value.type === "attribute" && value.name === "myself") return "self";
  return value.type === "field" && value.name === "myself" ? "self" : "other";
}

/** What the call says, or the tag whose attribute it stands in. */
function pushTarget(call: Call, name: number): EventFact["target"] {
  const options = call.args[name + 1];
  if (options && (options.type !== "list" || !options.bare)) return "other";
  const target = keywordValue(options, "target");
  if (target) return whose(target);
  const template = [...ancestors(call)].find((node): node is Template => node.type === "template");
  const held = template && attributeAround(template, call);
  return held && EVENTS.test(held.attribute.name) ? targetOf(held.tag, template) : "other";
}
