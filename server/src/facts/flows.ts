import type { Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { eachChild } from "../syntax/visit.ts";
import type { Flow } from "./facts.ts";

/** The flow of what a loop iterates over. */
export const ELEMENT: Flow = 1;
const LAST_BIT = 29;

/** The flow of the parameter with that index. */
export function parameterFlow(index: number): Flow {
  return 1 << Math.min(index + 1, LAST_BIT);
}

/** Which variables of a function depend on its parameters and on the elements of its loops. */
export class Flows {
  private readonly names = new Map<string, Flow>();
  /** What `&1` depends on. */
  private captured: Flow = 0;

  /** The names that a pattern binds depend on that, besides what they depended on before. */
  bind(pattern: Node, flow: Flow): void {
    if (flow === 0) return;
    for (const name of boundNames(pattern)) this.names.set(name, this.named(name) | flow);
  }

  named(name: string): Flow {
    return this.names.get(name) ?? 0;
  }

  /** Reads a capture in which `&1` depends on `flow`. */
  capturing(flow: Flow, read: () => void): void {
    const before = this.captured;
    this.captured = flow;
    read();
    this.captured = before;
  }

  /** What the value of an expression depends on: everything that any part of it does. */
  of(node: Node): Flow {
    if (node.type === "variable") return this.named(node.name);
    if (node.type === "capture-argument") return this.captured;
    let flow = 0;
    eachChild(node, (child) => {
      flow |= this.of(child);
    });
    return flow;
  }
}
