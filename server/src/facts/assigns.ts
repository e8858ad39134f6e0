import type { Call, Clause, Def, Node, Pair, Template } from "../syntax/ast.ts";
import { dialectOfSigil } from "../syntax/dialect.ts";
import type { FormSyntax } from "../syntax/form-syntax.ts";
import { eachChild } from "../syntax/visit.ts";
import type { Anchors } from "./anchors.ts";
import { AssignRecord } from "./assign-record.ts";
import { isSocket, rootOf, setsBy } from "./assign-setters.ts";
import type { AssignFacts, AssignSet, CallFact } from "./facts.ts";
import { Markup } from "./markup.ts";
import { KERNEL, PURE_MODULES } from "./pure.ts";
import { WholeAssigns } from "./whole-assigns.ts";

/** Quick to say no. */
const MENTIONS = /assign|socket|~[A-Z]|temporary_/;

/** What a function clause or a template file does with assigns; null where it has to do with none. */
export function assignsOf(
  form: FormSyntax,
  root: Def | Template,
  anchors: Anchors,
  calls: readonly CallFact[],
): AssignFacts | null {
  if (root.type === "def" && !MENTIONS.test(form.text)) return null;
  const record = new AssignRecord(form, anchors, calls);
  new AssignReader(record).read(root);
  return record.facts();
}

/** Functions of `Map` that say which keys they read. */
const MAP_READS = /^(?:get|fetch!?|has_key\?|take|get_lazy|pop!?|pop_lazy)$/;
/** Functions of `Map` that give the whole map again. */
const MAP_CHANGES = /^(?:put|put_new|put_new_lazy|merge|update!?|replace!?|delete)$/;
/** Local functions of Kernel's and of LiveView's that read nothing of what they are given. */
const READS_NOTHING =
  /^(?:connected\?|is_\w+|then|tap|case|if|unless|with|cond|for|raise|send|live_render|render_slot|sigil_\w+)$/;

class AssignReader {
  private readonly whole: WholeAssigns;

  constructor(private readonly record: AssignRecord) {
    this.whole = new WholeAssigns(record);
  }

  read(root: Def | Template): void {
    if (root.type === "def") {
      for (const param of root.params) this.whole.readPattern(param);
      const [only] = root.params;
      // The parameter of a component, or what `update/2` is given.
      const given = root.params.length === 1 || (root.name === "update" && root.params.length === 2);
      if (given && only?.type === "map") this.whole.readKeys(only);
      for (const part of [root.guard, root.body, ...root.sections]) if (part) this.walk(part);
    } else this.walk(root);
  }

  private walk(node: Node): void {
    switch (node.type) {
      case "template":
        this.template(node);
        return;
      case "sigil":
        // Markup that is not read: `~F`.
        if (/^[A-Z]$/.test(node.name) && !dialectOfSigil(node.name) && /@\w/.test(node.content))
          this.record.escapes = true;
        break;
      case "attribute":
        if (this.record.markup) this.record.addRead(node, node.name, false);
        return;
      case "field":
        if (this.whole.has(node.object)) {
          this.record.addRead(node, node.name, false);
          return;
        }
        if (this.whole.has(node)) {
          this.record.escapes = true;
          return;
        }
        break;
      case "access":
        if (this.whole.has(node.object)) {
          this.whole.readKey(node, node.key, true);
          return;
        }
        break;
      case "variable":
        if (this.whole.has(node)) this.record.escapes = true;
        return;
      case "map":
        this.whole.bindIn(node);
        if (node.base && this.whole.has(node.base)) {
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
    const markup = new Markup(node);
    const around = this.record.markup;
    this.record.markup = markup;
    if (node.dialect === "leex") this.record.leex = true;
    if (node.broken) this.record.escapes = true;
    for (const tag of markup.components) this.record.addComponent(tag);
    this.walk(node.body);
    this.record.markup = around;
  }

  /** `left = right`, `left <- right` */
  private match(left: Node, right: Node): void {
    this.whole.readPattern(left);
    if (this.whole.has(right) || (left.type === "variable" && this.whole.has(left))) {
      const pattern = this.whole.has(right) ? left : right;
      if (pattern.type === "map" && !pattern.base) {
        this.whole.readKeys(pattern);
        if (pattern === left) return;
      } else if (this.whole.has(right)) {
        if (left.type === "variable") this.whole.bind(left);
        else this.record.escapes = true;
        return;
      }
    }
    this.walk(right);
  }

  /** `{:ok, socket, temporary_assigns: [rows: []]}` */
  private temporary({ key, value }: Pair): boolean {
    if (key.type !== "atom" || key.value !== "temporary_assigns" || value.type !== "list") return false;
    for (const item of value.items) {
      if (item.type === "pair" && item.key.type === "atom")
        this.record.addSet(item.key, item.key.value, "temporary", item.value, false);
      else this.record.open = true;
    }
    return true;
  }

  private call(node: Call): void {
    const { module, name, args } = node;
    const [first] = args;
    const by = setsBy(node);
    if (by) {
      this.setter(node, by);
      return;
    }
    if (node.target && !node.piped) this.walk(node.target);
    if (first && this.whole.has(first) && this.mapCall(node)) return;
    if (name === "case" && module === null && first && this.whole.has(first)) {
      for (const { clauses } of node.sections) for (const clause of clauses) this.whole.bind(clause.patterns[0]);
    } else this.hand(node);
    for (const arg of args) if (!this.whole.has(arg)) this.walk(arg);
    for (const section of node.sections) this.walk(section);
  }

  /** `Map.get(assigns, :title)`, `changed?(assigns, :title)`, `get_in(socket.assigns, [:form, :title])` */
  private mapCall(node: Call): boolean {
    const [, ...rest] = node.args;
    const [key] = rest;
    const isMap = node.module === "Map" || node.module === "Access";
    if (isMap && MAP_READS.test(node.name)) this.whole.readKey(node, key, true);
    else if (node.module === "Map" && MAP_CHANGES.test(node.name)) {
      if (node.name !== "delete") this.record.open = true;
    } else if (/^(?:changed\?|is_map_key)$/.test(node.name)) this.whole.readKey(node, key, true);
    else if (node.name === "get_in" && key?.type === "list") this.whole.readKey(node, key.items[0], true);
    else return false;
    for (const arg of rest) this.walk(arg);
    return true;
  }

  /** Notes a call that is given the socket or all assigns. */
  private hand(node: Call): void {
    const { module, name, args, target } = node;
    const all = args.some((arg) => this.holdsWhole(arg));
    if (!all && !args.some(isSocket)) return;
    if (name === "" || (target && module === null)) {
      this.record.escapes = true;
      return;
    }
    const isLibrary = module !== null && (module.startsWith("Phoenix.") || PURE_MODULES.has(module));
    if (isLibrary || (module === null && (READS_NOTHING.test(name) || KERNEL.has(name)))) {
      if (all && !/^(?:is_\w+|sigil_\w+|render_slot)$/.test(name)) this.record.escapes = true;
      // `Enum.reduce(rows, socket, &Shop.Rows.add/2)`
      for (const arg of args)
        if (arg.type === "function-reference" && arg.module !== null)
          this.record.addHanded(`${arg.module}.${arg.name}/${arg.arity}`, all);
      return;
    }
    this.record.addHanded(`${module === null ? "" : `${module}.`}${name}/${args.length}`, all);
  }

  /** All assigns, or those with some set anew: `assigns |> assign(:title, title) |> show()`. */
  private holdsWhole(node: Node): boolean {
    if (this.whole.has(node)) return true;
    const [first] = node.type === "call" && setsBy(node) ? node.args : [];
    return first !== undefined && this.holdsWhole(first);
  }

  private setter(node: Call, by: AssignSet["by"]): void {
    const [subject, keys, value, options] = node.args;
    if (!subject || !keys) return;
    const inRender = rootOf(subject) === "assigns";
    if (!this.whole.has(subject)) this.walk(subject);
    // `socket |> A.load() |> assign(…)`: what is walked notes that.
    if (by === "assign" && node.args.length === 2) this.entries(keys, inRender);
    else if (keys.type === "atom") this.record.addSet(keys, keys.value, by, value, inRender);
    else if (keys.type === "list" && by === "async") {
      for (const key of keys.items) {
        if (key.type === "atom") this.record.addSet(key, key.value, by, undefined, inRender);
        else this.record.open = true;
      }
    } else {
      this.record.open = true;
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
      this.record.open = true;
      if (!this.whole.has(keys)) this.walk(keys);
      return;
    }
    if (keys.type === "map" && keys.base) this.record.open = true;
    for (const item of keys.items) {
      if (item.type !== "pair" || item.key.type !== "atom") {
        this.record.open = true;
        this.walk(item);
        continue;
      }
      this.record.addSet(item.key, item.key.value, "assign", item.value, inRender);
      this.walk(item.value);
    }
  }

  /** A closure that gets all assigns as that argument. */
  private closure(clauses: readonly Clause[], argument: number): void {
    for (const { patterns } of clauses) this.whole.bind(patterns[argument]);
  }
}
