import type { ModuleFacts } from "../facts/facts.ts";
import { entry, type Shape } from "../facts/shape.ts";

/** True when the module uses or implements one of the behaviours, itself or through its project's macros. */
export function behavesAs(module: ModuleFacts, ...behaviours: readonly string[]): boolean {
  return (
    module.uses.some((use) => behaviours.includes(use.module)) || module.behaviours.some((b) => behaviours.includes(b))
  );
}

/** The names that the module's own functions start it under: shapes, among them such that depend on arguments. */
export function startNames(module: ModuleFacts): Shape[] {
  return module.clauses.flatMap((clause) =>
    clause.calls.flatMap((call): Shape[] => {
      if (call.module !== "GenServer" || !/^start(_link)?$/.test(call.name)) return [];
      const options = call.args[2];
      if (!options) return [];
      return options.kind === "keyword" ? [entry(options, "name")].filter((name) => name !== null) : [options];
    }),
  );
}
