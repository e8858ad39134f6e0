import type { Node } from "../syntax/ast.ts";
import { expandAlias } from "../syntax/env.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { ancestors } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import { AssignValues } from "./assign-values.ts";
import type { AssignFacts, AssignRead, AssignSet, CallFact, ComponentUse, Handed } from "./facts.ts";
import type { ComponentTag, Markup } from "./markup.ts";

const NONE: readonly never[] = [];

/** The facts on assigns of one clause or template as they are found. */
export class AssignRecord {
  /** All assigns go somewhere that is not known. */
  escapes = false;
  /** Keys are set that are not written out. */
  open = false;
  /** There is a LEEx template. */
  leex = false;
  /** The tags around what is read just now; null outside of templates. */
  markup: Markup | null = null;
  private readonly sets: AssignSet[] = [];
  private readonly reads: AssignRead[] = [];
  private readonly components: ComponentUse[] = [];
  private readonly handed = new Map<string, Handed>();
  private readonly values: AssignValues;

  constructor(
    private readonly form: FormSyntax,
    private readonly anchors: Anchors,
    calls: readonly CallFact[],
  ) {
    this.values = new AssignValues(calls, anchors);
  }

  /** All of it; null where nothing was found. */
  facts(): AssignFacts | null {
    const { sets, reads, components, handed, escapes, open, leex } = this;
    if (sets.length + reads.length + components.length + handed.size === 0 && !escapes && !open && !leex) return null;
    return {
      sets: orNone(sets),
      reads: orNone(reads),
      components: orNone(components),
      handed: handed.size > 0 ? [...handed.values()] : NONE,
      escapes,
      open,
      leex,
    };
  }

  /** @param inRender whether it is set where a component renders, on `assigns` */
  addSet(at: Node, key: string, by: AssignSet["by"], value: Node | undefined, inRender: boolean): void {
    this.sets.push({ at: this.anchors.add(at), key, by, inRender, value: this.values.of(value, key, by, at) });
  }

  /** @param optional whether the code does without the key */
  addRead(node: Node, key: string, optional: boolean): void {
    const { markup } = this;
    const place = markup?.placeOf(node) ?? null;
    const outer = node.parent;
    const isPart = outer?.type === "field" && outer.object === node && /^(?:streams|uploads)$/.test(key);
    const how = place?.how ?? howIn(isPart ? outer : node);
    this.reads.push({
      at: this.anchors.add(node),
      key,
      template: markup !== null,
      how: how === "loop" && markup?.isOfOptions(node) ? "options" : how,
      optional,
      conditional: (place?.conditional ?? false) || isConditional(node),
      appended: place?.appended ?? false,
      part: isPart ? outer.name : null,
    });
  }

  addComponent({ at, name, live, passes, attributes, open }: ComponentTag): void {
    const { env } = this.form;
    const dot = name.lastIndexOf(".");
    this.components.push({
      at: this.anchors.add(at),
      module: dot > 0 ? expandAlias(env, name.slice(0, dot)) : null,
      name: name.slice(dot + 1),
      live: live === null ? null : live === "__MODULE__" ? env.module : expandAlias(env, live),
      passes,
      attributes,
      open,
    });
  }

  /** @param all whether the function gets all assigns, or only the socket that holds them */
  addHanded(to: string, all: boolean): void {
    if (all || !this.handed.has(to)) this.handed.set(to, { to, all });
  }
}

function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length > 0 ? list : NONE;
}

/** How a read in code is meant. */
function howIn(node: Node): AssignRead["how"] {
  const { parent } = node;
  if (parent?.type === "binary" && parent.operator === "<-" && parent.right === node) return "loop";
  if (parent?.type === "call" && parent.module === null && /^(?:if|unless)$/.test(parent.name)) return "condition";
  if (parent?.type === "pair" && parent.value === node && isRendering(parent.parent?.parent)) return "passed";
  return "value";
}

/** `live_component(@socket, Shop.Rows, id: "rows", rows: @rows)`, as components were before they were tags. */
function isRendering(node: Node | null | undefined): boolean {
  return node?.type === "call" && /^(?:live_component|live_render)$/.test(node.name);
}

/** True inside a branch of an `if`, `case` or their like, on the right of `&&`, and in a loop or closure. */
function isConditional(node: Node): boolean {
  for (const outer of ancestors(node)) {
    if (outer.type === "section" && outer.parent?.type === "call") return true;
    if (outer.type === "fn" || (outer.type === "binary" && /^(?:&&|\|\||and|or)$/.test(outer.operator))) return true;
    if (outer.type === "template" || outer.type === "def") return false;
  }
  return false;
}
