import type { ModuleFacts } from "../../facts/facts.ts";
import type { View } from "../project.ts";

/** The names of function components that only templates of controllers render, which LiveView never renders again. */
export interface PageComponents {
  has(name: string): boolean;
  readonly uses: readonly ComponentCall[];
}

/** Somebody renders a component, as far as names go: components of one name are not told apart. */
interface ComponentCall {
  readonly name: string;
  /** The function that has it in its markup; null for a template, and for what is no component itself. */
  readonly from: string | null;
  /** In a template of a controller, or in a module of them. */
  readonly page: boolean;
}

export const pageComponents: View<PageComponents> = {
  name: "page components",
  slices: ["functions", "uses"],
  compute(facts, previous) {
    const uses = facts.collect(componentCalls);
    if (previous?.uses === uses) return previous;
    const byName = new Map<string, ComponentCall[]>();
    for (const use of uses) {
      const known = byName.get(use.name);
      if (known) known.push(use);
      else byName.set(use.name, [use]);
    }
    const has = (name: string): boolean => {
      const reached = new Set([name]);
      let isRendered = false;
      for (const component of reached)
        for (const { from, page } of byName.get(component) ?? []) {
          if (from !== null && byName.has(from)) reached.add(from);
          else if (page) isRendered = true;
          else return false;
        }
      return isRendered;
    };
    return { has, uses };
  },
};

/** Modules of templates that controllers render, by Phoenix's names. */
const OF_CONTROLLERS = /(?:HTML|View)$/;

function componentCalls(module: ModuleFacts): readonly ComponentCall[] {
  if (module.fileClass === "test") return [];
  const out = new Map<string, ComponentCall>();
  const hasMarkup =
    module.uses.some((use) => use.module.startsWith("Phoenix.")) ||
    module.clauses.some(({ template, assigns }) => template !== null || assigns !== null);
  for (const clause of module.clauses) {
    const isFile = clause.keyword === "template";
    const page = isFile ? clause.template?.tracked === false : OF_CONTROLLERS.test(module.name);
    const isComponent = !isFile && clause.arity === 1 && clause.name !== "render";
    const from = isComponent ? clause.name : null;
    const called = clause.calls.filter(
      ({ arity, args, captured }) => arity === 1 && (captured || (hasMarkup && isAssigns(args[0]?.kind))),
    );
    const names = [...(clause.assigns?.components ?? []), ...called].map(({ name }) => name);
    // The `render` of a LiveView is called by LiveView.
    for (const name of names) if (name !== "render") out.set(`${name} ${from} ${page}`, { name, from, page });
  }
  return [...out.values()];
}

function isAssigns(kind: string | undefined): boolean {
  return kind === "variable" || kind === "map" || kind === "call" || kind === "any";
}
