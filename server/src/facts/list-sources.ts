import type { Node } from "../syntax/ast.ts";
import { boundNames } from "../syntax/flow.ts";
import { givesNoMore } from "../syntax/iteration.ts";

/** What stands for a literal in the place of a call: the source code decides how many elements there are. */
export const LITERAL = -1;
/** What stands for more than one value in the place of a call. */
export const MANY = -2;

/**
 * A variable that holds, all through its function, elements of one list only: the index of the call that gives it, or `LITERAL`; and
 * a parameter that is bound again: `MANY`.
 */
export type ListSource = readonly [name: string, call: number];

/** Which lists the variables of a clause hold, whole or less what was filtered out. */
export class ListSources {
  private readonly sources = new Map<string, number>();
  private readonly parameters = new Set<string>();

  /** What was found so far. */
  get all(): readonly ListSource[] {
    return [...this.sources].filter(([name, call]) => call !== MANY || this.parameters.has(name));
  }

  /** Of what the function is given, only its callers know. */
  declare(param: Node): void {
    boundNames(param, this.parameters);
  }

  /**
   * `pattern = value`: the names of the pattern hold the list, or parts of what it comes in, as `%Page{rows: rows}`.
   * @param indexOf the index of a call among those of the clause; -1 for none
   */
  match(pattern: Node, value: Node, isShort: boolean, indexOf: (call: Node) => number): void {
    const source = isShort ? LITERAL : this.sourceOf(value, indexOf);
    for (const name of boundNames(pattern)) {
      const isFirst = !this.sources.has(name) && !this.parameters.has(name);
      this.sources.set(name, isFirst || this.sources.get(name) === source ? source : MANY);
    }
  }

  private sourceOf(value: Node, indexOf: (call: Node) => number): number {
    if (value.type === "variable") return this.sources.get(value.name) ?? MANY;
    if (value.type === "field") return this.sourceOf(value.object, indexOf);
    if (value.type !== "call") return MANY;
    const [list] = value.args;
    if (list && givesNoMore(value)) return this.sourceOf(list, indexOf);
    const index = indexOf(value);
    return index < 0 ? MANY : index;
  }
}
