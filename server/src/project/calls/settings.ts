import type { ModuleFacts } from "../../facts/facts.ts";
import type { Facts } from "../project.ts";

/** The module that every configuration file which sets the setting, `:shop :api`, names for it; null where they differ, or none does. */
export function moduleSet(setting: string, facts: Pick<Facts, "having">): string | null {
  const files = facts.having(settingsIn, setting);
  const said = files.flatMap(({ configured }) => configured.filter(({ name }) => name === setting));
  const modules = new Set(said.map(({ module }) => module));
  const [only = null] = modules;
  return modules.size === 1 ? only : null;
}

function settingsIn({ configured }: ModuleFacts): readonly string[] {
  return configured.map(({ name }) => name);
}
