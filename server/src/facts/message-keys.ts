import type { Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { eachChild, find, mentions } from "../syntax/visit.ts";
import type { SerialNumbers } from "./serial-numbers.ts";
import { FEW, isFresh } from "./state-words.ts";

/** Which values follow from what a server is sent, or count that, and so may be any number of different ones over time. */
export class MessageKeys {
  /** Variables that hold what the message says. */
  private readonly asked = new Set<string>();
  /** Variables that a guard lets be one of a few. */
  private readonly limited = new Set<string>();
  /** The keys that are serial numbers, with the field that counts them. */
  private readonly serial = new Map<Node, string>();

  constructor(private readonly numbers: SerialNumbers) {}

  /** What the pattern binds follows from the message. */
  ask(pattern: Node): void {
    boundNames(pattern, this.asked);
  }

  /** `when kind in [:a, :b]`, `when is_atom(key)` */
  limit(guard: Node): void {
    if (guard.type === "binary" && guard.operator === "in") boundNames(guard.left, this.limited);
    if (guard.type === "call" && guard.name === "is_atom" && guard.args[0]) boundNames(guard.args[0], this.limited);
    eachChild(guard, (child) => this.limit(child));
  }

  /** True for what speaks of the message. */
  isAsked(node: Node): boolean {
    return mentions(node, this.asked);
  }

  /** True for what speaks of the message, or is another value each time. */
  follows(node: Node): boolean {
    return this.isAsked(node) || find(node, isFresh) !== null;
  }

  /** True when there can be any number of different keys. */
  isEndless(key: Node): boolean {
    if (mentions(key, this.limited)) return false;
    const named = key.type === "variable" || key.type === "field" ? key.name : "";
    if (FEW.test(named)) return false;
    if (this.follows(key)) return true;
    const field = this.numbers.of(key);
    if (field !== null) this.serial.set(key, field);
    return field !== null;
  }

  /** The field of the state that counts the key by which the node adds an entry; null where the key is another. */
  serialIn(node: Node): string | null {
    const key = find(node, (one) => this.serial.has(one));
    return (key && this.serial.get(key)) ?? null;
  }
}
