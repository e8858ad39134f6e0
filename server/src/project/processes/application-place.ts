import type { Anchor } from "../../facts/facts.ts";
import type { Supervisor } from "./supervision.ts";

/** A place in an application's list of children. */
export interface Place {
  readonly where: "before" | "after";
  readonly child: Anchor;
}

/** The application that a name belongs to: `Shop.Application` has all of `Shop` and `ShopWeb`. */
export function applicationOf(name: string, applications: readonly Supervisor[]): Supervisor | null {
  return (
    applications.find((application) => {
      const namespace = namespaceOf(application);
      return name.startsWith(`${namespace}.`) || name.startsWith(`${namespace}Web.`);
    }) ?? null
  );
}

/** `Shop` of `Shop.Application`. */
export function namespaceOf({ module }: Supervisor): string {
  return module.replace(/\.(?:Application|App|Supervisor)$/, "");
}

/** Where a child is to be added to an application: before the endpoint, else at the end. */
export function placeIn({ children: all }: Supervisor): Place | null {
  const always = all.filter((child) => child.branch.length === 0);
  const children = always.length > 0 ? always : all;
  const endpoint = children.find((child) => child.module.endsWith("Endpoint"));
  const last = children.at(-1);
  if (endpoint) return { where: "before", child: endpoint.at };
  return last ? { where: "after", child: last.at } : null;
}
