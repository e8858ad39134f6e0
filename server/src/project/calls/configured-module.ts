import { settingName } from "../../facts/configured.ts";
import type { ModuleFacts } from "../../facts/facts.ts";
import type { Shape } from "../../facts/shape.ts";

const CONFIGURATION = /^(?:get_env|compile_env!?|fetch_env!)$/;

/** A module that is read from the configuration. */
export interface ConfiguredModule {
  /** Null where none is written out. */
  readonly fallback: string | null;
  /** The setting, `:shop :client`; null where it is computed. */
  readonly setting: string | null;
}

/**
 * What reads a module from the configuration: `Application.get_env(:shop, :client, Shop.Client)`, an attribute or a function
 * of the module that does. Null for anything else.
 */
export function configuredModule(module: ModuleFacts, target: Shape, depth = 0): ConfiguredModule | null {
  if (depth > 2) return null;
  if (target.kind === "attribute") {
    const value = module.attributes.get(target.name);
    return value ? configuredModule(module, value, depth + 1) : null;
  }
  if (target.kind !== "call") return null;
  if (target.module === "Application" && CONFIGURATION.test(target.name)) {
    const [app, key, fallback] = target.args;
    return { fallback: fallback?.kind === "module" ? fallback.value : null, setting: settingName(app, key) };
  }
  if (target.module !== null || target.args.length > 0) return null;
  const clauses = (module.byName.get(target.name) ?? []).filter((clause) => clause.arity === 0);
  const [clause] = clauses;
  const [read, ...others] = clauses.length === 1 && clause ? clause.calls : [];
  if (!read || others.length > 0 || read.module !== "Application") return null;
  return configuredModule(module, { kind: "call", module: read.module, name: read.name, args: read.args }, depth + 1);
}
