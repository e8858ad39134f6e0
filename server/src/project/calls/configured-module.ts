import type { ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";

const CONFIGURATION = /^(?:get_env|compile_env!?|fetch_env!)$/;

/**
 * The default of what reads a module from the configuration: `Application.get_env(:shop, :client, Shop.Client)`, an
 * attribute or a function of the module that does. "" where it has none; null where it is no such thing.
 */
export function defaultModule(module: ModuleFacts, target: Shape, depth = 0): string | null {
  if (depth > 2) return null;
  if (target.kind === "attribute") {
    const value = module.attributes.get(target.name);
    return value ? defaultModule(module, value, depth + 1) : null;
  }
  if (target.kind !== "call") return null;
  if (target.module === "Application" && CONFIGURATION.test(target.name)) {
    const [, , fallback] = target.args;
    return fallback?.kind === "module" ? fallback.value : "";
  }
  if (target.module !== null || target.args.length > 0) return null;
  const clauses = (module.byName.get(target.name) ?? []).filter((clause) => clause.arity === 0);
  const [clause] = clauses;
  const [read, ...others] = clauses.length === 1 && clause ? clause.calls : [];
  if (!read || others.length > 0 || read.module !== "Application") return null;
  return defaultModule(module, { kind: "call", module: read.module, name: read.name, args: read.args }, depth + 1);
}
