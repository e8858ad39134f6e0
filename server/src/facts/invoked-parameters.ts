import type { Node } from "../syntax/ast.ts";
import type { CallPlace } from "./call-place.ts";

/** The parameters of a function that it calls, or gives to a function that calls them at once. */
export class InvokedParameters {
  /** Those that are plain variables, by name. */
  private readonly parameters = new Map<string, number>();
  private readonly invoked = new Set<number>();

  /** Their indices, ascending. */
  get indices(): readonly number[] {
    return [...this.invoked].sort((a, b) => a - b);
  }

  declare(param: Node, index: number): void {
    if (param.type === "variable") this.parameters.set(param.name, index);
  }

  /** The expression is called at that place. */
  invoke(node: Node, place: CallPlace): void {
    const index = node.type === "variable" && place.runs === "inline" ? this.parameters.get(node.name) : undefined;
    if (index !== undefined) this.invoked.add(index);
  }
}
