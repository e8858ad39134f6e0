import type { Call, Node } from "../syntax/ast.ts";
import { isClosure } from "../syntax/closure.ts";
import { boundNames } from "../syntax/flow.ts";
import { eachChild, visit } from "../syntax/visit.ts";
import type { Flow } from "./facts.ts";
import { ANEW, dependence, ELEMENT, held, INPUT, KEY } from "./flow-bits.ts";
import { freshName, keepsFresh, mayHoldMore } from "./fresh.ts";
import { checks, constantParts, errorParts, handsOn, inputOf, inputParts, isNamed } from "./handing-on.ts";

/** Where nothing that is given depends on anything. */
export const NO_FLOWS: readonly Flow[] = [];

/**
 * Which variables of a function depend on its parameters and on the elements of its loops, and which hold the data of
 * parameters, or of a request. Data goes through variables, patterns, strings and the functions that only change the form.
 */
export class Flows {
  private readonly names = new Map<string, Flow>();
  /** What `&1` depends on. */
  private captured: Flow = 0;
  /** The first call seen whose value is another one each time. */
  private fresh: string | null = null;

  /** The names that a pattern binds depend on that, besides what they depended on before; whose data they hold it says alone. */
  bind(pattern: Node, flow: Flow): void {
    for (const name of boundNames(pattern)) {
      const before = this.named(name);
      if (before | flow) this.names.set(name, (held(flow) === 0 ? dependence(before) : before & ~KEY) | flow);
    }
    for (const part of [...errorParts(pattern), ...constantParts(pattern)])
      for (const name of boundNames(part)) this.names.set(name, dependence(this.named(name)));
    for (const part of inputParts(pattern))
      for (const name of boundNames(part)) this.names.set(name, this.named(name) | INPUT);
  }

  /** What makes a value that an argument holds new each time: `System.unique_integer/0`; null where none holds one. */
  sourceOfAnew(flows: readonly Flow[]): string | null {
    return this.fresh !== null && flows.some((flow) => flow & ANEW) ? this.fresh : null;
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

  /** A condition that holds its variables against what is allowed: from there on they are no longer just what came in. */
  check(condition: Node): void {
    const checked = checks(condition);
    if (checked)
      visit(checked, (node) => {
        if (node.type === "variable" && this.names.has(node.name))
          this.names.set(node.name, dependence(this.named(node.name)));
      });
  }

  /** What the value of an expression depends on, which is everything that any part of it does, and whose data it holds. */
  of(node: Node): Flow {
    if (node.type === "variable") return this.named(node.name);
    if (node.type === "capture-argument") return this.captured;
    const parts = handsOn(node);
    const fresh = node.type === "call" ? freshName(node) : null;
    if (fresh !== null) this.fresh ??= fresh;
    const anew = fresh !== null ? ANEW : 0;
    const carried = keepsFresh(node) ? ANEW : 0;
    let [flow, data, some] = [0, 0, true];
    eachChild(node, (child) => {
      const part = this.of(child);
      flow |= part;
      if (parts === "all" || parts.includes(child)) data |= held(part);
      else data |= part & carried;
      some &&= held(part) !== 0;
    });
    // Whoever reads one of several names does not as a rule mean the one with the data.
    if (data !== 0 && !some && isNamed(node)) data = 0;
    if (mayHoldMore(node)) data &= ~ANEW;
    return dependence(flow) | data | anew | inputOf(node);
  }

  /** What each of the arguments depends on; on the element of a loop only where the call stands in one. */
  ofEach(args: readonly Node[], inLoop: boolean): readonly Flow[] {
    const mask = inLoop ? ~0 : ~ELEMENT;
    const flows = args.map((arg) => this.of(arg) & mask);
    return flows.some((flow) => flow !== 0) ? flows : NO_FLOWS;
  }

  /** What the arguments that are no closures depend on: `then(user, fn u -> … end)`. */
  ofData({ args }: Call): Flow {
    return args.reduce((flow, arg) => (isClosure(arg) ? flow : flow | this.of(arg)), 0);
  }
}
