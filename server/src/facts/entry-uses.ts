import type { Call, Def, Node } from "../syntax/ast.ts";
import { isBranching } from "../syntax/flow.ts";
import { visit } from "../syntax/visit.ts";
import { changedField, closureTails, EntryFields, isPut, setField } from "./entry-fields.ts";

/** A look-up of one entry: the expression, or the pattern that stands for the entry. */
export interface EntryLookup {
  readonly field: string;
  readonly node: Node;
  /** What the entry is matched with where a pattern looks it up: `%{waiting: %{^id => from}}`. */
  readonly pattern: Node | null;
}

/** An entry that is added, under a key. */
export interface EntryAdded {
  readonly field: string;
  readonly node: Node;
  readonly key: Node;
}

/** Asks how many entries there are, or whether there is one: nothing is taken out, and no entry is read. */
const ASKS = /^(?:map_size|is_map_key|has_key\?|inspect|is_map|empty\?)$/;
const COMPARES = /^(?:[=!]==?)$/;

/** What a function does with the maps that the fields of a state hold. */
export class EntryUses {
  readonly lookups: EntryLookup[] = [];
  readonly added: EntryAdded[] = [];
  /** Fields that are set to an empty map. */
  readonly begun = new Set<string>();
  /** The structs that it makes, by their modules. */
  readonly structs: string[] = [];
  /** Fields that are used in any other way, so that something may be taken out. */
  readonly otherwise: Set<string>;
  private readonly fields: EntryFields;

  constructor(def: Def) {
    this.fields = new EntryFields(def);
    this.otherwise = new Set(this.fields.mixed);
    for (const param of def.params) this.pattern(param);
    visit(def, (node) => {
      if (this.fields.isPattern(node)) return false;
      if (node.type === "clause") node.patterns.forEach((pattern) => void this.pattern(pattern));
      if (node.type === "binary" && /^(?:=|<-)$/.test(node.operator)) this.match(node.left, this.fields.of(node.right));
      if (node.type === "call") this.call(node);
      if (node.type === "map" && !node.base && node.struct?.type === "alias") this.structs.push(node.struct.module);
      if (node.type === "pair" && node.key.type === "atom") this.set(node.key.value, node.value);
      if (node.type === "atom" && isName(node)) this.otherwise.add(node.value);
      const field = this.fields.of(node);
      if (field !== null && !this.isHarmless(node, field)) this.otherwise.add(field);
      return true;
    });
  }

  /** A pattern of the whole state, or of a part of it. */
  private pattern(pattern: Node): void {
    for (const { key, value } of this.fields.fieldPatterns(pattern)) this.match(value, key);
  }

  /** `%{^id => entry}` is matched with what the field holds. */
  private match(pattern: Node, field: string | null): void {
    if (field === null) this.pattern(pattern);
    else
      visit(pattern, (node) => {
        if (node.type === "pair" && node.key.type !== "atom") this.lookups.push({ field, node, pattern: node.value });
      });
  }

  private call(node: Call): void {
    const { name, args } = node;
    const [target, path] = args;
    const subject = name === "case" && target ? this.fields.of(target) : null;
    if (subject !== null)
      for (const { clauses } of node.sections)
        for (const { patterns } of clauses) if (patterns[0]) this.match(patterns[0], subject);
    const given = setField(node);
    if (given) this.set(given.field, given.value);
    const change = changedField(node);
    for (const tail of change ? closureTails(change.closure) : [])
      if (this.fields.of(tail) !== change?.field) this.otherwise.add(change?.field ?? "");
    if (isPut(node) && target && path) this.add(this.fields.of(target), node, path, args[2]);
    // `put_in(state.waiting[id], from)`
    if (name === "put_in" && target?.type === "access" && args.length === 2)
      this.add(this.fields.of(target.object), node, target.key, path);
    // `put_in(state, [:waiting, id], from)`
    const [field, key, ...deeper] = path?.type === "list" ? path.items : [];
    if (field?.type !== "atom" || !/_in$/.test(name)) return;
    if (name === "put_in" && key && key.type !== "atom" && deeper.length === 0)
      this.add(field.value, node, key, args[2]);
    else if (name === "get_in" && key && key.type !== "atom")
      this.lookups.push({ field: field.value, node, pattern: null });
    else this.otherwise.add(field.value);
  }

  private add(field: string | null, node: Node, key: Node, value: Node | undefined): void {
    if (field === null) return;
    // An entry that is nothing stands for one that is gone.
    if (value?.type === "atom") this.otherwise.add(field);
    else this.added.push({ field, node, key });
  }

  private set(field: string, value: Node): void {
    if (isEmptyMap(value)) this.begun.add(field);
    else if (this.fields.of(value) !== field) this.otherwise.add(field);
  }

  /** True where the value of a field stands in a place that is read otherwise, or that takes nothing out. */
  private isHarmless(node: Node, field: string): boolean {
    const { parent } = node;
    switch (parent?.type) {
      case "field":
        return true;
      case "access":
        return parent.object === node && this.isLookup(parent, parent.key, field);
      case "pair":
        return parent.value === node && parent.key.type === "atom" && parent.key.value === field;
      case "binary":
        if (COMPARES.test(parent.operator)) return true;
        if (parent.operator !== "=" && parent.operator !== "<-") return false;
        return parent.left.type === "map" || this.fields.of(parent.left) === field;
      case "string":
        return true;
      case "capture":
        return parent.parent !== null && changedField(parent.parent)?.closure === parent;
      case "block":
        return parent.statements.at(-1) === node && isOfClosure(parent);
      case "call":
        return this.isHarmlessArgument(node, parent, field);
      default:
        return false;
    }
  }

  private isHarmlessArgument(node: Node, call: Call, field: string): boolean {
    const { module, name, args } = call;
    const [first, second] = args;
    if (call.target === node || ASKS.test(name) || module === "Logger") return true;
    if (node === args.at(-1) && setField(call)?.field === field) return true;
    if (node !== first) return false;
    if (changedField(call)?.field === field || setField(call) !== null || isPut(call)) return true;
    if (isBranching(call)) return name === "case" && call.sections.every(looksIntoMaps);
    if (module !== "Map" || !second || !/^(?:get|fetch!?)$/.test(name)) return false;
    return this.isLookup(call, second, field);
  }

  private isLookup(node: Node, key: Node, field: string): boolean {
    if (key.type === "atom") return true;
    const around = node.parent;
    // `put_in(state.waiting[id], from)` is no look-up, and other changes of an entry may be its end.
    if (around?.type === "call" && around.args[0] === node && /_in$/.test(around.name)) return around.name === "put_in";
    if (around?.type === "field" || around?.type === "access") return !isChangedIn(around) && this.look(node, field);
    return this.look(node, field);
  }

  private look(node: Node, field: string): true {
    this.lookups.push({ field, node, pattern: null });
    return true;
  }
}

/** A name of a field that a call is given, or a list of such: `Map.delete(state, :waiting)`, `Map.drop(state, [:waiting])`. */
function isName({ parent }: Node): boolean {
  if (parent?.type === "list") return !isPath(parent);
  if (parent?.type !== "call" || !/^(?:null|Map|Keyword|Access)$/.test(`${parent.module}`)) return false;
  return setField(parent) === null && changedField(parent) === null && !isRead(parent);
}

function isPath({ parent }: Node): boolean {
  return parent?.type === "call" && /_in$/.test(parent.name);
}

/** `Map.get(state, :waiting)`, whose value is looked at by itself. */
function isRead({ module, name }: Call): boolean {
  return module === "Map" && /^(?:get|fetch!|has_key\?)$/.test(name);
}

function isEmptyMap(node: Node): boolean {
  if (node.type === "map") return node.items.length === 0 && !node.base && !node.struct;
  return node.type === "call" && node.module === "Map" && node.name === "new" && node.args.length === 0;
}

/** The value of a closure is looked at with the closure. */
function isOfClosure(block: Node): boolean {
  const closure = block.parent?.type === "clause" ? block.parent.parent : null;
  return closure?.type === "fn" && closure.parent !== null && changedField(closure.parent) !== null;
}

/** `case state.waiting do %{^id => entry} -> …; _ -> … end`, in which nothing holds the whole. */
function looksIntoMaps({ clauses }: Call["sections"][number]): boolean {
  return clauses.every(({ patterns: [pattern] }) => pattern?.type === "map" || isIgnored(pattern));
}

function isIgnored(pattern: Node | undefined): boolean {
  return pattern?.type === "variable" && pattern.name.startsWith("_");
}

/** `put_in(state.waiting[id].at, now)` */
function isChangedIn(part: Node): boolean {
  for (let at: Node | null = part; at; at = at.parent) {
    if (at.type === "call") return /_in$/.test(at.name);
    if (at.type !== "field" && at.type !== "access") return false;
  }
  return false;
}
