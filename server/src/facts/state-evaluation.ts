import type { Binary, Block, Call, MapLiteral, Node } from "../syntax/ast.ts";
import { isBranching } from "../syntax/flow.ts";
import { eachChild } from "../syntax/visit.ts";
import type { MessageKeys } from "./message-keys.ts";
import type { StateChanges } from "./state-changes.ts";
import { collectionOf, type Evaluation, evalChangeIn, evalCollection } from "./state-collections.ts";
import { add, join, NOTHING, SOME, type Value } from "./state-values.ts";
import type { StateVariables } from "./state-variables.ts";
import { COLLECTIONS, LOGGING, TAKES_AWAY } from "./state-words.ts";

/** Goes through the code of a function as it runs, and follows the state through it. */
export class StateEvaluation implements Evaluation {
  private readonly slotValues = new Map<Node, Value>();

  /** @param slots the expressions that give the next state */
  constructor(
    readonly changes: StateChanges,
    readonly keys: MessageKeys,
    private readonly variables: StateVariables,
    private readonly slots: ReadonlySet<Node>,
  ) {}

  /** The value that a slot has been found to hold. */
  slotValue(slot: Node): Value {
    return this.slotValues.get(slot) ?? NOTHING;
  }

  block(block: Block): Value {
    let value = NOTHING;
    for (const statement of block.statements) value = this.eval(statement);
    return value;
  }

  eval(node: Node): Value {
    const value = this.valueOf(node);
    if (this.slots.has(node)) this.slotValues.set(node, join(this.slotValues.get(node), value));
    return value;
  }

  private valueOf(node: Node): Value {
    switch (node.type) {
      case "variable": {
        const value = this.variables.of(node.name);
        if (value.path === "" && !this.slots.has(node) && !isAddressed(node)) this.changes.reads.add("");
        return value;
      }
      case "field":
        return this.changes.part(this.eval(node.object), node.name);
      case "access": {
        const object = this.eval(node.object);
        this.eval(node.key);
        return this.changes.part(object, node.key.type === "atom" ? node.key.value : SOME);
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

  private binary(node: Binary): Value {
    const { operator, left, right } = node;
    if (operator === "=" || operator === "<-") {
      const value = this.eval(right);
      this.variables.bind(left, value);
      if (this.keys.follows(right)) this.keys.ask(left);
      return value;
    }
    const a = this.eval(left);
    const b = this.eval(right);
    switch (operator) {
      case "++":
        return a.path !== null ? add(a, node) : add(b, node);
      case "--":
        this.changes.takeFrom(a);
        return a;
      case "||":
      case "&&":
        return a.path !== null ? a : b;
      default:
        return NOTHING;
    }
  }

  /** `%{state | field: value}` */
  private map(node: MapLiteral): Value {
    if (!node.base) {
      for (const item of node.items) this.eval(item);
      return NOTHING;
    }
    let value = this.eval(node.base);
    for (const item of node.items) {
      if (item.type !== "pair") continue;
      const given = this.eval(item.value);
      if (item.key.type === "atom") value = this.changes.assign(value, item.key.value, given);
      else {
        this.eval(item.key);
        if (value.path !== null) this.changes.writes.add(value.path);
      }
    }
    return value;
  }

  private call(node: Call): Value {
    const { module, name, args } = node;
    const [first, second, third] = args;
    if (isBranching(node)) return this.branches(node);
    if (module === null && /^(?:put_in|update_in)$/.test(name)) return evalChangeIn(this, node);
    if (module === "Enum" && name === "reduce" && first && second && third) {
      this.eval(first);
      return this.closure(third, [NOTHING, this.eval(second)], this.keys.isAsked(first));
    }
    if (module === null && (name === "then" || name === "tap") && first && second) {
      const value = this.eval(first);
      const result = this.closure(second, [value], false);
      return name === "then" ? result : value;
    }
    const collection = collectionOf(node);
    return collection ? evalCollection(this, node, collection) : this.anyCall(node);
  }

  /** A call of which only is known what it is given. */
  private anyCall(node: Call): Value {
    const { module, name, args } = node;
    const values = args.map((arg) => this.eval(arg));
    for (const section of node.sections) this.eval(section);
    if (node.target) this.eval(node.target);
    if (module === null && name === "tl" && values[0]) this.changes.takeFrom(values[0]);
    if (module === null && /^pop_in$|^get_and_update_in$/.test(name)) {
      const whole = values[0] ?? NOTHING;
      this.changes.takeFrom(args[1]?.type === "list" ? NOTHING : whole);
      return whole.path === null ? NOTHING : { path: "", grown: [] };
    }
    // A function of the module that gets the state is read by itself.
    const whole = values.find((value) => value.path === "");
    if (module === null && !node.target && name !== "" && whole) return whole;
    if (whole && module !== null && !LOGGING.test(module)) this.shrinksLater(node);
    return NOTHING;
  }

  /** What another module does with the state is not known, when it gives one back. */
  private shrinksLater(node: Call): void {
    const { parent } = node;
    if (this.slots.has(node) || (parent?.type === "binary" && parent.operator === "=")) this.changes.takeSomewhere();
  }

  private branches(node: Call): Value {
    const values = node.args.map((arg) => this.eval(arg));
    const given = values[0] ?? NOTHING;
    let result: Value | undefined;
    const follows = node.args[0] ? this.keys.follows(node.args[0]) : false;
    for (const section of node.sections) {
      if (section.body) result = join(result, this.block(section.body));
      for (const clause of section.clauses) {
        for (const pattern of clause.patterns) {
          if (node.name === "cond") this.eval(pattern);
          else this.variables.bind(pattern, given);
          if (follows) this.keys.ask(pattern);
        }
        if (clause.guard) this.eval(clause.guard);
        result = join(result, this.block(clause.body));
      }
    }
    // Without an `else` it may be nil.
    return result ?? NOTHING;
  }

  closure(node: Node, values: readonly Value[], asked: boolean): Value {
    if (node.type === "capture") return this.variables.capturing(values[0] ?? NOTHING, () => this.captured(node.body));
    if (node.type !== "fn") {
      this.eval(node);
      return NOTHING;
    }
    let result: Value | undefined;
    for (const clause of node.clauses) {
      clause.patterns.forEach((pattern, i) => {
        this.variables.bind(pattern, values[i] ?? NOTHING);
        if (asked && i === 0) this.keys.ask(pattern);
      });
      result = join(result, this.block(clause.body));
    }
    return result ?? NOTHING;
  }

  /** `&[x | &1]` and `&Map.put(&1, key, value)` */
  private captured(body: Node): Value {
    const value = this.variables.of("&1");
    if (body.type === "list") {
      const last = body.items.at(-1);
      const right = last?.type === "binary" && last.operator === "|" ? last.right : null;
      if (right?.type === "capture-argument") return add(value, body);
    }
    const [first, key] = body.type === "call" ? body.args : [];
    if (body.type === "call" && first?.type === "capture-argument" && COLLECTIONS.test(body.module ?? "")) {
      if (TAKES_AWAY.test(body.name)) this.changes.takeFrom(value);
      if (/^put(?:_new)?$/.test(body.name) && key && this.keys.isEndless(key)) return add(value, body);
      return value;
    }
    this.eval(body);
    return NOTHING;
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
