import type { Call, Clause, Def, Node, Pair, Template } from "../syntax/ast.ts";
import { dialectOfSigil } from "../syntax/dialect.ts";
import { expandAlias } from "../syntax/env.ts";
import type { FormSyntax } from "../syntax/forms.ts";
import { ancestors, eachChild, visit } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import { AssignValues } from "./assign-values.ts";
import type { AssignFacts, AssignRead, AssignSet, CallFact, ComponentUse, Handed } from "./facts.ts";
import { Markup } from "./markup.ts";
import { KERNEL, PURE_MODULES } from "./pure.ts";

/** Quick to say no. */
const MENTIONS = /assign|socket|~[A-Z]|temporary_/;

const NONE: readonly never[] = [];

/** What a function clause or a template file does with assigns; null where it has to do with none. */
export function assignsOf(
  form: FormSyntax,
  root: Def | Template,
  anchors: Anchors,
  calls: readonly CallFact[],
): AssignFacts | null {
  if (root.type === "def" && !MENTIONS.test(form.text)) return null;
  return new AssignReader(form, anchors, calls).read(root);
}

/** Functions that set assigns, by name: how they do, with the number of arguments that they have at least. */
const SETTERS = new Map<string, { readonly by: AssignSet["by"]; readonly arity: number }>([
  ["assign", { by: "assign", arity: 2 }],
  ["assign_new", { by: "assign_new", arity: 3 }],
  ["update", { by: "update", arity: 3 }],
  ["assign_async", { by: "async", arity: 3 }],
  ["stream", { by: "stream", arity: 3 }],
  ["stream_async", { by: "stream", arity: 3 }],
  ["allow_upload", { by: "upload", arity: 3 }],
]);
const LIVE = /^Phoenix\.(?:Component|LiveView|LiveComponent|LiveView\.Helpers)$/;
/** Functions of `Map` that say which keys they read. */
const MAP_READS = /^(?:get|fetch!?|has_key\?|take|get_lazy|pop!?|pop_lazy)$/;
/** Functions of `Map` that give the whole map again. */
const MAP_CHANGES = /^(?:put|put_new|put_new_lazy|merge|update!?|replace!?|delete)$/;
/** Local functions of Kernel's and of LiveView's that read nothing of what they are given. */
const READS_NOTHING =
  /^(?:connected\?|is_\w+|then|tap|case|if|unless|with|cond|for|raise|send|live_render|render_slot|sigil_\w+)$/;

class AssignReader {
  private readonly sets: AssignSet[] = [];
  private readonly reads: AssignRead[] = [];
  private readonly components: ComponentUse[] = [];
  private readonly handed = new Map<string, Handed>();
  private escapes = false;
  private open = false;
  private leex = false;
  /** Names of variables that hold all assigns. */
  private readonly whole = new Set(["assigns"]);
  private markup: Markup | null = null;
  private readonly values: AssignValues;

  constructor(
    private readonly form: FormSyntax,
    private readonly anchors: Anchors,
    calls: readonly CallFact[],
  ) {
    this.values = new AssignValues(calls, anchors);
  }

  read(root: Def | Template): AssignFacts | null {
    if (root.type === "def") {
      for (const param of root.params) this.pattern(param);
      const [only] = root.params;
      // The parameter of a component, or what `update/2` is given.
      const given = root.params.length === 1 || (root.name === "update" && root.params.length === 2);
      if (given && only?.type === "map") this.keysOf(only);
      for (const part of [root.guard, root.body, ...root.sections]) if (part) this.walk(part);
    } else this.walk(root);
    const { sets, reads, components, handed } = this;
    const escapes = this.escapes;
    const open = this.open;
    const leex = this.leex;
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

  private walk(node: Node): void {
    switch (node.type) {
      case "template":
        this.template(node);
        return;
      case "sigil":
        // Markup that is not read: `~F`.
        if (/^[A-Z]$/.test(node.name) && !dialectOfSigil(node.name) && /@\w/.test(node.content)) this.escapes = true;
        break;
      case "attribute":
        if (this.markup) this.add(node, node.name, false);
        return;
      case "field":
        if (this.isWhole(node.object)) {
          this.add(node, node.name, false);
          return;
        }
        if (this.isWhole(node)) {
          this.escapes = true;
          return;
        }
        break;
      case "access":
        if (this.isWhole(node.object)) {
          this.keyRead(node, node.key, true);
          return;
        }
        break;
      case "variable":
        if (this.isWhole(node)) this.escapes = true;
        return;
      case "map":
        this.assignsIn(node);
        if (node.base && this.isWhole(node.base)) {
          for (const item of node.items) this.walk(item);
          return;
        }
        break;
      case "pair":
        if (this.temporary(node)) return;
        break;
      case "binary":
        if (node.operator === "=" || node.operator === "<-") {
          this.match(node.left, node.right);
          return;
        }
        break;
      case "call":
        this.call(node);
        return;
    }
    eachChild(node, (child) => this.walk(child));
  }

  private template(node: Template): void {
    const around = this.markup;
    this.markup = new Markup(node);
    if (node.dialect === "leex") this.leex = true;
    if (node.broken) this.escapes = true;
    for (const use of this.markup.components) {
      const { name, attributes, open } = use;
      const dot = name.lastIndexOf(".");
      const module = dot > 0 ? expandAlias(this.form.env, name.slice(0, dot)) : null;
      const live =
        use.live === null
          ? null
          : use.live === "__MODULE__"
            ? this.form.env.module
            : expandAlias(this.form.env, use.live);
      const at = this.anchors.add(use.at);
      this.components.push({ at, module, name: name.slice(dot + 1), live, passes: use.passes, attributes, open });
    }
    this.walk(node.body);
    this.markup = around;
  }

  /** `left = right`, `left <- right` */
  private match(left: Node, right: Node): void {
    this.pattern(left);
    if (this.isWhole(right) || (left.type === "variable" && this.isWhole(left))) {
      const pattern = this.isWhole(right) ? left : right;
      if (pattern.type === "map" && !pattern.base) {
        this.keysOf(pattern);
        if (pattern === left) return;
      } else if (this.isWhole(right)) {
        if (left.type === "variable") this.whole.add(left.name);
        else this.escapes = true;
        return;
      }
    }
    this.walk(right);
  }

  /** Reads a pattern: keys of assigns in it, and names that it gives to all of them. */
  private pattern(pattern: Node): void {
    visit(pattern, (node) => {
      if (node.type === "map") this.assignsIn(node);
      if (node.type !== "binary" || node.operator !== "=") return;
      // `%{title: title} = assigns`
      const map = this.isWhole(node.right) ? node.left : this.isWhole(node.left) ? node.right : null;
      if (map?.type === "map") this.keysOf(map);
    });
  }

  /** `%{assigns: %{title: title}}`, `%{assigns: all}` */
  private assignsIn(node: Extract<Node, { type: "map" }>): void {
    for (const item of node.items) {
      if (item.type !== "pair" || item.key.type !== "atom" || item.key.value !== "assigns") continue;
      for (const side of item.value.type === "binary" ? [item.value.left, item.value.right] : [item.value]) {
        if (side.type === "map") this.keysOf(side);
        else if (side.type === "variable") this.whole.add(side.name);
      }
    }
  }

  private keysOf(map: Extract<Node, { type: "map" }>): void {
    for (const item of map.items) {
      // `%{assigns: %{…}}` is a socket.
      const isSocket = item.type === "pair" && item.key.type === "atom" && item.key.value === "assigns";
      if (item.type === "pair" && !isSocket) this.keyRead(item.key, item.key, false);
    }
  }

  private keyRead(at: Node, key: Node | undefined, optional: boolean): void {
    if (key?.type === "atom") this.add(at, key.value, optional);
    else if (key?.type === "list") for (const item of key.items) this.keyRead(item, item, optional);
    else this.escapes = true;
  }

  private add(node: Node, key: string, optional: boolean): void {
    const place = this.markup?.placeOf(node) ?? null;
    const outer = node.parent;
    const isPart = outer?.type === "field" && outer.object === node && /^(?:streams|uploads)$/.test(key);
    this.reads.push({
      at: this.anchors.add(node),
      key,
      template: this.markup !== null,
      how: place?.how ?? howIn(isPart ? outer : node),
      optional,
      conditional: (place?.conditional ?? false) || isConditional(node),
      part: isPart ? outer.name : null,
    });
  }

  private isWhole(node: Node): boolean {
    if (node.type === "variable") return this.whole.has(node.name);
    return node.type === "field" && node.name === "assigns";
  }

  /** `{:ok, socket, temporary_assigns: [rows: []]}` */
  private temporary({ key, value }: Pair): boolean {
    if (key.type !== "atom" || key.value !== "temporary_assigns" || value.type !== "list") return false;
    for (const item of value.items) {
      if (item.type === "pair" && item.key.type === "atom")
        this.set(item.key, item.key.value, "temporary", item.value, false);
      else this.open = true;
    }
    return true;
  }

  private call(node: Call): void {
    const { module, name, args } = node;
    const [first] = args;
    const setter = SETTERS.get(name);
    if (
      setter &&
      first &&
      args.length >= setter.arity &&
      (LIVE.test(module ?? "") || (module === null && isSubject(first)))
    ) {
      this.setter(node, setter.by);
      return;
    }
    if (node.target && !node.piped) this.walk(node.target);
    if (first && this.isWhole(first) && this.mapCall(node)) return;
    if (name === "case" && module === null && first && this.isWhole(first)) {
      for (const { clauses } of node.sections) for (const clause of clauses) this.bind(clause.patterns[0]);
    } else this.hand(node);
    for (const arg of args) if (!this.isWhole(arg)) this.walk(arg);
    for (const section of node.sections) this.walk(section);
  }

  /** `Map.get(assigns, :title)`, `changed?(assigns, :title)`, `get_in(socket.assigns, [:form, :title])` */
  private mapCall(node: Call): boolean {
    const [, ...rest] = node.args;
    const [key] = rest;
    const isMap = node.module === "Map" || node.module === "Access";
    if (isMap && MAP_READS.test(node.name)) this.keyRead(node, key, true);
    else if (node.module === "Map" && MAP_CHANGES.test(node.name)) {
      if (node.name !== "delete") this.open = true;
    } else if (/^(?:changed\?|is_map_key)$/.test(node.name)) this.keyRead(node, key, true);
    else if (node.name === "get_in" && key?.type === "list") this.keyRead(node, key.items[0], true);
    else return false;
    for (const arg of rest) this.walk(arg);
    return true;
  }

  /** Notes a call that is given the socket or all assigns. */
  private hand(node: Call): void {
    const { module, name, args, target } = node;
    const all = args.some((arg) => this.isWhole(arg));
    if (!all && !args.some(isSocket)) return;
    if (name === "" || (target && module === null)) {
      this.escapes = true;
      return;
    }
    const isLibrary = module !== null && (module.startsWith("Phoenix.") || PURE_MODULES.has(module));
    if (isLibrary || (module === null && (READS_NOTHING.test(name) || KERNEL.has(name)))) {
      if (all && !/^(?:is_\w+|sigil_\w+|render_slot)$/.test(name)) this.escapes = true;
      // `Enum.reduce(rows, socket, &Shop.Rows.add/2)`
      for (const arg of args)
        if (arg.type === "function-reference" && arg.module !== null)
          this.handTo(`${arg.module}.${arg.name}/${arg.arity}`, all);
      return;
    }
    this.handTo(`${module === null ? "" : `${module}.`}${name}/${args.length}`, all);
  }

  private handTo(to: string, all: boolean): void {
    if (all || !this.handed.has(to)) this.handed.set(to, { to, all });
  }

  private setter(node: Call, by: AssignSet["by"]): void {
    const [subject, keys, value, options] = node.args;
    if (!subject || !keys) return;
    const inRender = rootOf(subject) === "assigns";
    if (!this.isWhole(subject)) this.walk(subject);
    // `socket |> A.load() |> assign(…)`: what is walked notes that.
    if (by === "assign" && node.args.length === 2) this.entries(keys, inRender);
    else if (keys.type === "atom") this.set(keys, keys.value, by, value, inRender);
    else if (keys.type === "list" && by === "async") {
      for (const key of keys.items) {
        if (key.type === "atom") this.set(key, key.value, by, undefined, inRender);
        else this.open = true;
      }
    } else {
      this.open = true;
      this.walk(keys);
    }
    for (const arg of [value, options]) {
      if (!arg) continue;
      if (/^(?:update|assign_new)$/.test(by) && arg.type === "fn") this.closure(arg.clauses, by === "update" ? 1 : 0);
      this.walk(arg);
    }
  }

  /** The entries of `assign(socket, title: title, rows: rows)`. */
  private entries(keys: Node, inRender: boolean): void {
    if (keys.type !== "list" && keys.type !== "map") {
      this.open = true;
      if (!this.isWhole(keys)) this.walk(keys);
      return;
    }
    if (keys.type === "map" && keys.base) this.open = true;
    for (const item of keys.items) {
      if (item.type !== "pair" || item.key.type !== "atom") {
        this.open = true;
        this.walk(item);
        continue;
      }
      this.set(item.key, item.key.value, "assign", item.value, inRender);
      this.walk(item.value);
    }
  }

  private set(at: Node, key: string, by: AssignSet["by"], value: Node | undefined, inRender: boolean): void {
    this.sets.push({ at: this.anchors.add(at), key, by, inRender, value: this.values.of(value, key, by, at) });
  }

  /** A closure that gets all assigns as that argument. */
  private closure(clauses: readonly Clause[], argument: number): void {
    for (const { patterns } of clauses) this.bind(patterns[argument]);
  }

  private bind(pattern: Node | undefined): void {
    if (pattern?.type === "map") this.keysOf(pattern);
    else if (pattern?.type === "variable") this.whole.add(pattern.name);
  }
}

function orNone<T>(list: readonly T[]): readonly T[] {
  return list.length > 0 ? list : NONE;
}

/** True for what is called a socket, and for calls that a socket is piped through. */
function isSocket(node: Node): boolean {
  if (node.type === "variable") return /(?:^|_)socket\d?$/.test(node.name);
  const [first] = node.type === "call" ? node.args : [];
  if (node.type !== "call" || !first) return false;
  return (node.piped || SETTERS.has(node.name)) && isSocket(first);
}

/** True for what `assign` may be called with where an import that is not known brings it. */
function isSubject(node: Node): boolean {
  return /socket|assigns|^&1$/.test(rootOf(node));
}

/** The name of the variable that a pipe of calls begins with. */
function rootOf(node: Node): string {
  if (node.type === "variable") return node.name;
  if (node.type === "capture-argument") return `&${node.index}`;
  const [first] = node.type === "call" ? node.args : [];
  return first ? rootOf(first) : "";
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
