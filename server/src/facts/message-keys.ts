import type { Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { eachChild, find, mentions } from "../syntax/visit.ts";
import { FEW, isFresh } from "./state-words.ts";

/** Which values follow from what a server is sent, and so may be any number of different ones over time. */
export class MessageKeys {
  /** Variables that hold what the message says. */
  private readonly asked = new Set<string>();
  /** Variables that a guard lets be one of a few. */
  private readonly limited = new Set<string>();

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

  /** True when messages can bring any number of different keys. */
  isEndless(key: Node): boolean {
    if (mentions(key, this.limited)) return false;
    const named = key.type === "variable" || key.type === "field" ? key.name : "";
    return !FEW.test(named) && this.follows(key);
  }
}
