import type { Node, Variable } from "../syntax/ast.ts";
import { isBoundOnce } from "../syntax/binding.ts";
import { boundNames } from "../syntax/flow.ts";
import { fixedSize, isBatching, isSetting, type SizedVariables } from "../syntax/iteration.ts";
import { asksCache } from "./caches.ts";
import { moduleSource } from "./constructs.ts";
import type { Shape } from "./shape.ts";

/** What the calls and loops of a clause have to know of the values that its variables hold. */
export class HeldValues implements SizedVariables {
  /** Variables that hold a collection whose size the source code decides, and such that hold a value of the configuration or batches. */
  readonly fixed = new Set<string>();
  readonly settings = new Set<string>();
  private readonly batches = new Set<string>();
  /** Variables that hold what a cache answered, and such that hold a key of a map. */
  private readonly cached = new Set<string>();
  private readonly keys = new Set<string>();
  /** Variables that hold a module that is written out, and such that hold one read from the configuration. */
  private readonly modules = new Map<string, string>();
  private readonly configured = new Map<string, Shape>();

  /** `pattern = value`, `pattern <- value` */
  match(pattern: Node, value: Node): void {
    if (this.asksCache(value)) boundNames(pattern, this.cached);
    if (pattern.type === "variable") this.hold(pattern, value);
  }

  /** The variable holds a key of the map that a loop goes through. */
  holdKey(name: string): void {
    this.keys.add(name);
  }

  isKey(node: Node | undefined): boolean {
    return node?.type === "variable" && this.keys.has(node.name);
  }

  /** True for a collection whose size the source code decides. */
  isFixed(collection: Node): boolean {
    return fixedSize(collection, this);
  }

  isBatches(collection: Node): boolean {
    return isBatching(collection, this.batches);
  }

  /** The module that a variable stands for, where its function never binds it to anything else. */
  moduleOf(target: Node): string | null {
    return target.type === "variable" ? (this.modules.get(target.name) ?? null) : null;
  }

  /** Where the module comes from that the expression stands for, when that is known. */
  sourceOf(module: Node): Shape | null {
    return module.type === "variable" ? (this.configured.get(module.name) ?? null) : moduleSource(module);
  }

  /** True when the value of the expression is what a cache answers, or depends on it. */
  asksCache(node: Node): boolean {
    switch (node.type) {
      case "variable":
        return this.cached.has(node.name);
      case "call":
        return asksCache(node) || node.args.some((arg) => this.asksCache(arg));
      case "binary":
        return this.asksCache(node.left) || this.asksCache(node.right);
      case "unary":
        return this.asksCache(node.operand);
      case "field":
        return this.asksCache(node.object);
      default:
        return false;
    }
  }

  private hold(variable: Variable, value: Node): void {
    const { name } = variable;
    for (const [names, holds] of [
      [this.fixed, fixedSize(value, this)],
      [this.settings, isSetting(value, this)],
      [this.batches, isBatching(value, this.batches)],
    ] as const) {
      if (holds) names.add(name);
      else names.delete(name);
    }
    if (value.type === "alias" && isBoundOnce(variable)) this.modules.set(name, value.module);
    const source = moduleSource(value);
    if (source && isBoundOnce(variable)) this.configured.set(name, source);
    else this.configured.delete(name);
  }
}
