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

/** How many processes a module is: one under a name of its own, one for each thing of a kind, or who knows. */
export function multiplicity(module: ModuleFacts): "one" | "many" | "unknown" {
  const kinds = startNames(module).map(({ kind }) => kind);
  if (kinds.some((kind) => kind === "module" || kind === "atom")) return "one";
  return kinds.some((kind) => kind === "tuple" || kind === "call") ? "many" : "unknown";
}
