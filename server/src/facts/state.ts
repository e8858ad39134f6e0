import type { Block, Call, Def, Node } from "../syntax/ast.ts";
import { boundNames, isBranching } from "../syntax/flow.ts";
import { eachChild, find, mentions } from "../syntax/visit.ts";
import { accessOf } from "./access.ts";
import type { Anchors } from "./anchors.ts";
import { slotOf, stateParameter, waysOut, wholeName } from "./callback.ts";
import type { StateFacts } from "./facts.ts";
import { add, join, NOTHING, pathOf, SOME, stepOf, type Value } from "./state-values.ts";
import { COLLECTIONS, FEW, isBound, isFresh, LOGGING, TAKES_AWAY } from "./state-words.ts";

const NO_FIELDS: readonly string[] = [];
/** Stands for whatever collection it is. */
const UNKNOWN = "*";

/** The facts of a function in a GenServer's module on the state; null when the function gets none. */
export function stateOf(def: Def, anchors: Anchors): StateFacts | null {
  const index = stateParameter(def) ?? def.params.findIndex(isStateLike);
  const param = def.params[index];
  if (!param || !def.body) return null;
  return new StateReader(def, index, param).facts(anchors);
}

/** A parameter of a helper that is the state, as it is called. */
function isStateLike(param: Node): boolean {
  return /^(?:new_)?(?:state|st|s|data)\d?$/.test(wholeName(param) ?? "");
}

class StateReader {
  private readonly values = new Map<string, Value>();
  private readonly reads = new Set<string>();
  private readonly writes = new Set<string>();
  private readonly shrinks = new Set<string>();
  /** Variables that hold what the message says. */
  private readonly asked = new Set<string>();
  /** Variables that a guard lets be one of a few. */
  private readonly limited = new Set<string>();
  private readonly isCallback: boolean;
  private readonly name: string | null;
  private readonly slots: ReadonlySet<Node>;

  constructor(
    private readonly def: Def,
    index: number,
    param: Node,
  ) {
    this.isCallback = stateParameter(def) !== undefined;
    this.name = wholeName(param);
    const ways = waysOut(def);
    this.slots = new Set(ways.flatMap((way) => (this.isCallback ? (slotOf(way) ?? []) : partsOf(way))));
    def.params.forEach((other, i) => {
      if (i !== index) for (const name of boundNames(other)) this.asked.add(name);
    });
    this.bind(param, { path: "", grown: [] });
    if (def.guard) this.limit(def.guard);
    if (find(def, isBound)) this.shrinks.add(UNKNOWN);
  }

  facts(anchors: Anchors): StateFacts {
    const def = this.def;
    const grown = new Map<Node, string>();
    const sink = (value: Value): void => {
      if (value.path === "") for (const { field, node } of value.grown) if (!grown.has(node)) grown.set(node, field);
    };
    if (def.guard) this.eval(def.guard);
    const last = def.body ? this.block(def.body) : NOTHING;
    for (const section of def.sections) this.eval(section);
    // A way out that is a call gives what the function called gives.
    sink(last);
    for (const slot of this.slots) {
      const value = this.slotValues.get(slot) ?? NOTHING;
      sink(value);
      if (this.isCallback && value.path !== "" && def.name !== "init" && def.name !== "terminate") {
        this.writes.add("");
        this.shrinks.add("");
      }
    }
    if (this.isCallback && def.name !== "terminate") {
      for (const way of waysOut(def))
        if (way.type === "call" && way.module !== null && mentions(way, new Set(this.stateNames())))
          this.shrinks.add(UNKNOWN);
    }
    return {
      reads: list(this.reads),
      writes: list(this.writes),
      grows: [...grown].map(([node, field]) => ({ at: anchors.add(node), field })),
      shrinks: list(this.shrinks),
      access: accessOf(def),
    };
  }

  private readonly slotValues = new Map<Node, Value>();

  private stateNames(): string[] {
    return [...this.values].filter(([, value]) => value.path === "").map(([name]) => name);
  }

  private block(block: Block): Value {
    let value = NOTHING;
    for (const statement of block.statements) value = this.eval(statement);
    return value;
  }

  /** What the expression is made of; reads its parts on the way. */
  private eval(node: Node): Value {
    const value = this.valueOf(node);
    if (this.slots.has(node)) this.slotValues.set(node, join(this.slotValues.get(node), value));
    return value;
  }

  private valueOf(node: Node): Value {
    switch (node.type) {
      case "variable": {
        const value = this.values.get(node.name) ?? NOTHING;
        if (value.path === "" && !this.slots.has(node) && !isAddressed(node)) this.reads.add("");
        return value;
      }
      case "field":
        return this.part(this.eval(node.object), node.name);
      case "access": {
        const object = this.eval(node.object);
        this.eval(node.key);
        return this.part(object, node.key.type === "atom" ? node.key.value : SOME);
      }
      case "map":
        return this.map(node);
      case "list": {
        const last = node.items.at(-1);
        if (last?.type !== "binary" || last.operator !== "|") break;
        for (const item of node.items.slice(0, -1)) this.eval(item);
        this.eval(last.left);
        return add(this.eval(last.right), node);
      }
      case "binary":
        return this.binary(node);
      case "block":
        return this.block(node);
      case "call":
        return this.call(node);
      case "clause":
        return this.block(node.body);
    }
    eachChild(node, (child) => this.eval(child));
    return NOTHING;
  }

  private binary(node: Extract<Node, { type: "binary" }>): Value {
    const { operator, left, right } = node;
    if (operator === "=" || operator === "<-") {
      const value = this.eval(right);
      this.bind(left, value);
      const follows = mentions(right, this.asked) || find(right, isFresh) !== null;
      for (const name of boundNames(left)) if (follows) this.asked.add(name);
      return value;
    }
    const [a, b] = [this.eval(left), this.eval(right)];
    if (operator === "++") return a.path !== null ? add(a, node) : b.path !== null ? add(b, node) : NOTHING;
    if (operator === "--") this.takeFrom(a);
    return operator === "--" ? a : operator === "||" || operator === "&&" ? (a.path !== null ? a : b) : NOTHING;
  }

  /** `%{state | field: value}` */
  private map(node: Extract<Node, { type: "map" }>): Value {
    if (!node.base) {
      for (const item of node.items) this.eval(item);
      return NOTHING;
    }
    let value = this.eval(node.base);
    for (const item of node.items) {
      if (item.type !== "pair") continue;
      const given = this.eval(item.value);
      if (item.key.type === "atom") value = this.assign(value, item.key.value, given);
      else {
        this.eval(item.key);
        if (value.path !== null) this.writes.add(value.path);
      }
    }
    return value;
  }

  /** The whole after its field was given the value. */
  private assign(whole: Value, field: string, given: Value): Value {
    if (whole.path === null) return NOTHING;
    const path = pathOf(whole.path, field);
    this.writes.add(path);
    if (given.path === null || !(given.path === path || given.path.startsWith(`${path}.`))) this.shrinks.add(path);
    return { path: whole.path, grown: [...whole.grown, ...given.grown] };
  }

  private part(whole: Value, field: string): Value {
    if (whole.path === null) return NOTHING;
    const path = pathOf(whole.path, field);
    this.reads.add(path);
    return { path, grown: whole.grown.filter((growth) => growth.field === path) };
  }

  private call(node: Call): Value {
    const { name, args } = node;
    if (isBranching(node)) return this.branches(node);
    if (node.module === null && /^(?:put_in|update_in)$/.test(name)) return this.changeIn(node);
    if (node.module === "Enum" && name === "reduce" && args[2]) {
      if (args[0]) this.eval(args[0]);
      const start = args[1] ? this.eval(args[1]) : NOTHING;
      return this.closure(args[2], [NOTHING, start], args[0] ? mentions(args[0], this.asked) : false);
    }
    if (node.module === null && (name === "then" || name === "tap") && args[0] && args[1]) {
      const value = this.eval(args[0]);
      const result = this.closure(args[1], [value], false);
      return name === "then" ? result : value;
    }
    const [collection, key] = args;
    if (node.module !== null && COLLECTIONS.test(node.module) && collection) return this.ofCollection(node, collection);
    const values = args.map((arg) => this.eval(arg));
    for (const section of node.sections) this.eval(section);
    if (node.target) this.eval(node.target);
    if (node.module === null && name === "tl" && values[0]) this.takeFrom(values[0]);
    if (node.module === null && /^pop_in$|^get_and_update_in$/.test(name)) {
      const whole = values[0] ?? NOTHING;
      this.takeFrom(key?.type === "list" ? NOTHING : whole);
      return whole.path === null ? NOTHING : { path: "", grown: [] };
    }
    // A function of the module that gets the state is read by itself.
    const whole = values.find((value) => value.path === "");
    if (node.module === null && !node.target && name !== "" && whole) return whole;
    if (whole && node.module !== null && !LOGGING.test(node.module)) this.shrinksLater(node);
    return NOTHING;
  }

  /** What another module does with the state is not known, when it gives one back. */
  private shrinksLater(node: Call): void {
    const { parent } = node;
    if (this.slots.has(node) || (parent?.type === "binary" && parent.operator === "=")) this.shrinks.add(UNKNOWN);
  }

  private branches(node: Call): Value {
    const values = node.args.map((arg) => this.eval(arg));
    const given = values[0] ?? NOTHING;
    let result: Value | undefined;
    const follows = node.args[0] ? mentions(node.args[0], this.asked) || find(node.args[0], isFresh) !== null : false;
    for (const section of node.sections) {
      if (section.body) result = join(result, this.block(section.body));
      for (const clause of section.clauses) {
        for (const pattern of clause.patterns) {
          if (node.name === "cond") this.eval(pattern);
          else this.bind(pattern, given);
          if (follows) for (const bound of boundNames(pattern)) this.asked.add(bound);
        }
        if (clause.guard) this.eval(clause.guard);
        result = join(result, this.block(clause.body));
      }
    }
    // Without an `else` it may be nil.
    return result ?? NOTHING;
  }

  private ofCollection(node: Call, first: Node): Value {
    const { name, args, module } = node;
    const [, key, item] = args;
    if (module === ":queue" && /^in(?:_r)?$/.test(name) && key) {
      this.eval(first);
      return add(this.eval(key), node);
    }
    const value = this.eval(first);
    const rest = args.slice(1);
    if (TAKES_AWAY.test(name)) {
      for (const arg of rest) this.eval(arg);
      const values = [value, ...rest.map((arg) => (arg.type === "variable" ? this.eval(arg) : NOTHING))];
      this.takeFrom(values.find((one) => one.path !== null) ?? value);
      return { path: value.path, grown: [] };
    }
    if (value.path === null) {
      for (const arg of rest) this.eval(arg);
      return NOTHING;
    }
    const isKeyed = /^(?:Map|Keyword|:maps)$/.test(module ?? "");
    if (isKeyed && /^(?:get|fetch!?|get_lazy)$/.test(name) && key) {
      for (const arg of rest) this.eval(arg);
      return this.part(value, key.type === "atom" ? key.value : SOME);
    }
    if (isKeyed && /^(?:put|put_new|put_new_lazy|update!?|replace!?)$/.test(name) && key) {
      const field = key.type === "atom" ? key.value : SOME;
      if (key.type !== "atom") this.eval(key);
      const changes = name.startsWith("update");
      const closure = changes ? args.at(-1) : undefined;
      const part = { path: pathOf(value.path, field), grown: [] };
      const given = closure ? this.closure(closure, [part], false) : item ? this.eval(item) : NOTHING;
      if (field !== SOME) return this.assign(value, field, given);
      this.writes.add(value.path);
      // Keys of a keyword list are atoms, of which a program has a few.
      const isKept = module === "Keyword" || /!$|^replace/.test(name) || !this.isEndless(key);
      return isKept ? value : add(value, node);
    }
    for (const arg of rest) this.eval(arg);
    if (module === "MapSet" && name === "put" && key) return this.isEndless(key) ? add(value, node) : value;
    if (module === "List" && name === "insert_at") return add(value, node);
    if (module === "Enum" && name === "concat") return add(value, node);
    return isKeyed && /^merge$/.test(name) && value.path === "" ? value : NOTHING;
  }

  /** `put_in(state.users[id], user)`, `update_in(state, [:users, id], …)` */
  private changeIn(node: Call): Value {
    const { args, name } = node;
    const [target, second] = args;
    if (!target) return NOTHING;
    const byPath = args.length === 3 && second?.type === "list";
    const root = byPath ? this.eval(target) : NOTHING;
    const steps = byPath ? second.items.map(stepOf) : [];
    const last = byPath ? second.items.at(-1) : target.type === "access" ? target.key : null;
    const place = byPath
      ? root.path === null
        ? NOTHING
        : { path: steps.reduce((path, step) => pathOf(path, step), root.path), grown: [] }
      : this.eval(target);
    const given = args.at(-1);
    const result = given ? (name === "update_in" ? this.closure(given, [place], false) : this.eval(given)) : NOTHING;
    if (place.path === null) return NOTHING;
    const whole: Value = byPath ? root : { path: "", grown: [] };
    this.writes.add(place.path);
    if (!place.path.endsWith(SOME)) {
      if (result.path !== place.path) this.shrinks.add(place.path);
      return { path: whole.path, grown: [...whole.grown, ...result.grown] };
    }
    const key = last?.type === "call" ? last.args[0] : last;
    const around = place.path.slice(0, -SOME.length).replace(/\.$/, "");
    return key && this.isEndless(key) ? { path: whole.path, grown: [...whole.grown, { field: around, node }] } : whole;
  }

  /** What a closure gives when it is called with the values. */
  private closure(node: Node, values: readonly Value[], asked: boolean): Value {
    if (node.type === "capture") {
      const before = this.values.get("&1");
      this.values.set("&1", values[0] ?? NOTHING);
      const result = this.captured(node.body);
      if (before) this.values.set("&1", before);
      return result;
    }
    if (node.type !== "fn") {
      this.eval(node);
      return NOTHING;
    }
    let result: Value | undefined;
    for (const clause of node.clauses) {
      clause.patterns.forEach((pattern, i) => {
        this.bind(pattern, values[i] ?? NOTHING);
        if (asked && i === 0) for (const name of boundNames(pattern)) this.asked.add(name);
      });
      result = join(result, this.block(clause.body));
    }
    return result ?? NOTHING;
  }

  /** `&[x | &1]` and `&Map.put(&1, key, value)` */
  private captured(body: Node): Value {
    if (body.type === "list") {
      const last = body.items.at(-1);
      const right = last?.type === "binary" && last.operator === "|" ? last.right : null;
      if (right?.type === "capture-argument") return add(this.values.get("&1") ?? NOTHING, body);
    }
    const first = body.type === "call" ? body.args[0] : null;
    if (body.type === "call" && first?.type === "capture-argument" && COLLECTIONS.test(body.module ?? "")) {
      const value = this.values.get("&1") ?? NOTHING;
      if (TAKES_AWAY.test(body.name)) this.takeFrom(value);
      const key = body.args[1];
      if (/^put(?:_new)?$/.test(body.name) && key && this.isEndless(key)) return add(value, body);
      return value;
    }
    this.eval(body);
    return NOTHING;
  }

  private bind(pattern: Node, value: Value): void {
    switch (pattern.type) {
      case "variable":
        this.values.set(pattern.name, value);
        return;
      case "binary":
        if (pattern.operator === "|" && value.path !== null) {
          // `[first | rest]`
          this.bind(pattern.left, this.part(value, SOME));
          this.takeFrom(value);
          this.bind(pattern.right, value);
          return;
        }
        this.bind(pattern.left, value);
        this.bind(pattern.right, value);
        return;
      case "map":
        for (const item of pattern.items) {
          if (item.type !== "pair") continue;
          const field = item.key.type === "atom" ? item.key.value : SOME;
          this.bind(item.value, value.path === null ? NOTHING : this.part(value, field));
        }
        return;
      case "list":
        for (const item of pattern.items) this.bind(item, item.type === "binary" ? value : NOTHING);
        return;
      case "tuple":
        // `{reply, state} = help(state)`, `{item, rest} = Map.pop(state.items, key)`
        for (const item of pattern.items) {
          const isOther =
            value.path === "" && item.type === "variable" && !isStateLike(item) && item.name !== this.name;
          this.bind(item, isOther ? NOTHING : value);
        }
    }
  }

  private takeFrom({ path }: Value): void {
    this.shrinks.add(path ?? UNKNOWN);
  }

  /** `when kind in [:a, :b]`, `when is_atom(key)` */
  private limit(guard: Node): void {
    if (guard.type === "binary" && guard.operator === "in")
      for (const name of boundNames(guard.left)) this.limited.add(name);
    if (guard.type === "call" && guard.name === "is_atom" && guard.args[0])
      for (const name of boundNames(guard.args[0])) this.limited.add(name);
    eachChild(guard, (child) => this.limit(child));
  }

  /** True when messages can bring any number of different keys. */
  private isEndless(key: Node): boolean {
    if (mentions(key, this.limited)) return false;
    const named = key.type === "variable" || key.type === "field" ? key.name : "";
    if (FEW.test(named)) return false;
    return mentions(key, this.asked) || find(key, isFresh) !== null;
  }
}

/** True where a variable is not taken as a whole: `state.a`, `%{state | …}`, `Map.put(state, :a, …)`, `%{…} = state`. */
function isAddressed(node: Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case "field":
      return true;
    case "access":
      return parent.object === node;
    case "map":
      return parent.base === node;
    case "binary":
      return parent.operator === "=" && parent.right === node;
    case "call": {
      const key = parent.args[1];
      return parent.args[0] === node && /^(?:Map|Keyword)$/.test(parent.module ?? "") && key?.type === "atom";
    }
    default:
      return false;
  }
}

function partsOf(way: Node): readonly Node[] {
  return way.type === "tuple" ? way.items : [way];
}

function list(names: ReadonlySet<string>): readonly string[] {
  return names.size > 0 ? [...names] : NO_FIELDS;
}
