import type { Node } from "../syntax/ast.ts";
import { wholeName } from "./callback.ts";
import type { StateChanges } from "./state-changes.ts";
import { NOTHING, SOME, type Value } from "./state-values.ts";

/** True for what is called as a state is. */
export function isStateLike(pattern: Node): boolean {
  return /^(?:new_)?(?:state|st|s|data)\d?$/.test(wholeName(pattern) ?? "");
}

/** Which variables hold the state or parts of it. */
export class StateVariables {
  private readonly values = new Map<string, Value>();

  /** @param name what the function calls its state */
  constructor(
    private readonly changes: StateChanges,
    private readonly name: string | null,
  ) {}

  of(name: string): Value {
    return this.values.get(name) ?? NOTHING;
  }

  /** The variables that hold the whole state. */
  get wholes(): ReadonlySet<string> {
    return new Set([...this.values].flatMap(([name, value]) => (value.path === "" ? [name] : [])));
  }

  /** Reads a capture in which `&1` is the value. */
  capturing(value: Value, read: () => Value): Value {
    const before = this.values.get("&1");
    this.values.set("&1", value);
    const result = read();
    if (before) this.values.set("&1", before);
    return result;
  }

  /** The pattern is matched with the value. */
  bind(pattern: Node, value: Value): void {
    switch (pattern.type) {
      case "variable":
        this.values.set(pattern.name, value);
        return;
      case "binary":
        if (pattern.operator === "|" && value.path !== null) {
          // `[first | rest]`
          this.bind(pattern.left, this.changes.part(value, SOME));
          this.changes.takeFrom(value);
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
          this.bind(item.value, this.changes.part(value, field));
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
}
