import type { Facts } from "../project.ts";
import { registeredNames } from "./servers.ts";
import type { Child } from "./supervision.ts";

/** The names that a child answers to: the one it is given, those that its module registers, and its module's own. */
export function namesOf(child: Child, facts: Facts): ReadonlySet<string> {
  const names = new Set<string>([child.module]);
  if (child.name !== null) names.add(child.name);
  for (const module of facts.named(child.module))
    for (const name of facts.once(registeredNames, module)) names.add(name);
  return names;
}

/** A child that others address by this name: a module that is merely the specification's does not count. */
export function answersTo(child: Child, name: string, facts: Facts): boolean {
  if (child.name !== null && facts.named(child.module).length === 0) return child.name === name;
  return namesOf(child, facts).has(name);
}
